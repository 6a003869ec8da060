/**
 * Versions of QUIC by their number, and how the first packets of each are written and protected.
 *
 *   00000001            1 (RFC 9000, 9001)
 *   6b3343cf            2 (RFC 9369); 709a50c4 its drafts 1 to 7, with another salt
 *   ff0000NN            drafts of 1, NN from 22 (before, connection ids were written otherwise)
 *   faceb0NN            mvfst of Facebook, Instagram, WhatsApp: like drafts 22 and 27, or 1
 *   Q024 … Q049         Google's first QUIC, in ASCII: its hello (CHLO) in clear
 *   Q050, T050, T051    Google's, protected like a draft; Q: CHLO, T: ClientHello
 *   ?a?a?a?a            means nothing: makes a server say which versions it has (RFC 9000 §15)
 *
 * Salts: RFC 9001 §5.2, RFC 9369 §3.3.1, draft-ietf-quic-tls, draft-ietf-quic-v2; facts about mvfst from mvfst
 * (handshake and version names), about Google's from nDPI's quic.c and Wireshark's packet-quic.c.
 */
export const Header = {
  /** As in RFC 8999. */
  Long: 0,
  /** Google's of Q043 and before: the first octet are flags. */
  GooglePublic: 1,
  /** Google's of Q044 to Q049: lengths of connection ids as two half octets. */
  GoogleLong: 2,
} as const;
export type Header = (typeof Header)[keyof typeof Header];

export interface QuicVersion {
  /** As events call it. */
  readonly name: string;
  readonly header: Header;
  /** What the keys of the first packets are derived with, likeliest first; none: nothing of it is deciphered. */
  readonly salts: readonly Uint8Array[];
  /** Packet types and labels of version 2. */
  readonly isSecond: boolean;
  /** Google's frames; the hello is a CHLO where `isChlo`. */
  readonly isGoogle: boolean;
  readonly isChlo: boolean;
  /** Means nothing: another version follows. */
  readonly isForced: boolean;
}

const SALT_1 = octets('38762cf7f55934b34d179ae6a4c80cadccbb7f0a');
const SALT_2 = octets('0dede3def700a6db819381be6e269dcbf9bd2ed9');
const SALT_2_DRAFT = octets('a707c203a59b47184a1d62ca570406ea7ae3e5d3');
const SALT_22 = octets('7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a');
const SALT_23 = octets('c3eef712c72ebb5a11a7d2432bb46365bef9f502');
const SALT_29 = octets('afbfec289993d24c9e9786f19c6111e04390a899');
const SALT_Q050 = octets('504574efd066fe2f9d945cfcdbd3a7f0d3b56b45');
const SALT_T050 = octets('7ff579e5acd072915580304c43a2367c60488310');
const SALT_T051 = octets('7a4edef4e7ccee5fa4506c19124fc8ccda6e033d');

const VERSIONS: ReadonlyMap<number, QuicVersion> = new Map([
  [1, version('1', [SALT_1])],
  [0x6b3343cf, version('2', [SALT_2], { isSecond: true })],
  [0x709a50c4, version('2-draft', [SALT_2_DRAFT, SALT_2], { isSecond: true })],
  ...drafts(),
  ...facebook(),
  ...google(),
]);

/** Not in the table, but written like version 1: it may be protected like it. */
export const UNKNOWN: QuicVersion = version('unknown', [SALT_1]);
const FORCED: QuicVersion = version('unknown', [SALT_1], { isForced: true });

/** Version of a u32, or undefined where it is nobody's. Allocates nothing. */
export function versionOf(number: number): QuicVersion | undefined {
  return (number & 0x0f0f0f0f) === 0x0a0a0a0a ? FORCED : VERSIONS.get(number);
}

function version(
  name: string,
  salts: readonly Uint8Array[],
  other: Partial<QuicVersion> = {},
): QuicVersion {
  return {
    name,
    header: Header.Long,
    salts,
    isSecond: false,
    isGoogle: false,
    isChlo: false,
    isForced: false,
    ...other,
  };
}

function drafts(): [number, QuicVersion][] {
  return range(22, 34, (draft) => {
    const salt = draft < 23 ? SALT_22 : draft < 29 ? SALT_23 : draft < 33 ? SALT_29 : SALT_1;
    return [0xff000000 + draft, version(`draft-${draft}`, [salt])];
  });
}

function facebook(): [number, QuicVersion][] {
  return range(0, 0x1f, (number) => {
    // 3 and 4 are other names of version 1; the rest, but for the oldest, are experiments with the one of draft 27.
    const salts =
      number === 1
        ? [SALT_22, SALT_23]
        : number === 3 || number === 4
          ? [SALT_1, SALT_23]
          : [SALT_23, SALT_1];
    return [0xfaceb000 + number, version(`mvfst-${number.toString(16)}`, salts)];
  });
}

function google(): [number, QuicVersion][] {
  const clear = range(24, 49, (number): [number, QuicVersion] => {
    const name = `Q0${number}`;
    const header = number < 44 ? Header.GooglePublic : Header.GoogleLong;
    return [ascii(name), version(name, [], { header, isGoogle: true, isChlo: true })];
  });
  return [
    ...clear,
    [ascii('Q050'), version('Q050', [SALT_Q050], { isGoogle: true, isChlo: true })],
    [ascii('T050'), version('T050', [SALT_T050], { isGoogle: true })],
    [ascii('T051'), version('T051', [SALT_T051], { isGoogle: true })],
  ];
}

function range<T>(first: number, last: number, make: (number: number) => T): T[] {
  return Array.from({ length: last - first + 1 }, (_, i) => make(first + i));
}

function ascii(name: string): number {
  let number = 0;
  for (let i = 0; i < name.length; i++) number = number * 256 + name.charCodeAt(i);
  return number;
}

function octets(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}
