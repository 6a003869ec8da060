/** QUIC's first packets as a client writes them: sealed with the keys that anybody can derive. */
import { createCipheriv } from 'node:crypto';
import { joined } from '../../test/support/parser-harness.ts';
import { clientInitialKeys } from './initial-keys.ts';
import { versionOf } from './versions.ts';

export const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
export const DCID = bytes('8394c8f03e515708');

/** RFC 9001 A.2, the CRYPTO frame: a hello for example.com. */
export const RFC_FRAME = bytes(
  `060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868
  04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578
  616d706c652e636f6dff01000100000a00080006001d00170018001000070005
  04616c706e000500050100000000003300260024001d00209370b2c9caa47fba
  baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400
  0d0010000e0403050306030203080408050806002d00020101001c0002400100
  3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000
  75300901100f088394c8f03e51570806048000ffff`.replace(/\s/g, ''),
);
/** The ClientHello in it. */
export const HELLO = RFC_FRAME.subarray(4);

/** Always of `length` octets, 1, 2, 4 or 8. */
export function varint(value: number, length: 1 | 2 | 4 | 8 = 2): Uint8Array {
  const out = new Uint8Array(length);
  let rest = BigInt(value);
  for (let i = length - 1; i >= 0; i--) {
    out[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  out[0] = (out[0] ?? 0) | ({ 1: 0, 2: 0x40, 4: 0x80, 8: 0xc0 }[length] ?? 0);
  return out;
}

export function cryptoFrame(data: Uint8Array, offset = 0, type = 6): Uint8Array {
  return joined(Uint8Array.of(type), varint(offset), varint(data.length), data);
}

export const padding = (length: number) => new Uint8Array(Math.max(0, length));
export const PING = Uint8Array.of(1);

export interface Sealed {
  readonly version?: number;
  /** Destination, source. */
  readonly id?: Uint8Array;
  readonly source?: Uint8Array;
  /** From which the keys are derived, where it is another. */
  readonly keyId?: Uint8Array;
  /** Which of the version's salts. */
  readonly salt?: number;
  readonly token?: Uint8Array;
  readonly number?: number;
  readonly numberLength?: 1 | 2 | 3 | 4;
  /** Octets of the frames at least, filled with padding. */
  readonly size?: number;
  /** Its type, where it is no Initial; that is sealed with the same keys. */
  readonly type?: number;
  readonly quicBit?: boolean;
}

/** One packet. */
export function initial(
  frames: readonly Uint8Array[],
  {
    version = 1,
    id = DCID,
    source = padding(0),
    keyId = id,
    salt = 0,
    token = padding(0),
    number = 2,
    numberLength = 4,
    size = 1162,
    type = 0,
    quicBit = true,
  }: Sealed = {},
): Uint8Array {
  const known = versionOf(version) ?? versionOf(1);
  const material = known?.salts[salt];
  if (known === undefined || material === undefined) throw new Error('no salt');
  const keys = clientInitialKeys(material, keyId, known.isSecond);
  const payload = joined(...frames, padding(size - joined(...frames).length));
  const bits = known.isSecond ? (type + 1) % 4 : type;
  const number32 = bytes(number.toString(16).padStart(8, '0')).subarray(4 - numberLength);
  const header = joined(
    Uint8Array.of((quicBit ? 0xc0 : 0x80) | (bits << 4) | (numberLength - 1)),
    bytes(version.toString(16).padStart(8, '0')),
    Uint8Array.of(id.length),
    id,
    Uint8Array.of(source.length),
    source,
    ...(type === 0 ? [varint(token.length, token.length < 64 ? 1 : 2), token] : []),
    varint(numberLength + payload.length + 16),
    number32,
  );
  const nonce = keys.iv.slice();
  number32.forEach((octet, i) => {
    const at = 12 - numberLength + i;
    nonce[at] = (nonce[at] ?? 0) ^ octet;
  });
  const cipher = createCipheriv('aes-128-gcm', keys.key, nonce);
  cipher.setAAD(header);
  const body = cipher.update(payload);
  cipher.final();
  const packet = joined(header, body, cipher.getAuthTag());
  const at = header.length - numberLength;
  const mask = createCipheriv('aes-128-ecb', keys.hp, null).update(
    packet.subarray(at + 4, at + 20),
  );
  packet[0] = (packet[0] ?? 0) ^ ((mask[0] ?? 0) & 15);
  for (let i = 0; i < numberLength; i++)
    packet[at + i] = (packet[at + i] ?? 0) ^ (mask[1 + i] ?? 0);
  return packet;
}

/** A ClientHello with this name and nothing else of interest, `length` octets long at least. */
export function helloFor(name: string, length = 0): Uint8Array {
  const host = new TextEncoder().encode(name);
  const u16 = (n: number) => Uint8Array.of(n >> 8, n & 255);
  const sni = joined(
    u16(0),
    u16(host.length + 5),
    u16(host.length + 3),
    Uint8Array.of(0),
    u16(host.length),
    host,
  );
  const alpn = bytes('0010000500030268 33'.replace(' ', ''));
  const fill = Math.max(0, length - 4 - 43 - sni.length - alpn.length - 4);
  const pad = joined(u16(21), u16(fill), padding(fill));
  const extensions = joined(pad, sni, alpn);
  const body = joined(
    u16(0x0303),
    padding(32),
    Uint8Array.of(0),
    u16(2),
    u16(0x1301),
    Uint8Array.of(1, 0),
    u16(extensions.length),
    extensions,
  );
  return joined(Uint8Array.of(1, 0), u16(body.length), body);
}

/** Google's CHLO with these tags. */
export function chlo(tags: Readonly<Record<string, string>>): Uint8Array {
  const text = (value: string) => new TextEncoder().encode(value);
  const u32 = (n: number) => Uint8Array.of(n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24);
  const entries = Object.entries(tags);
  let end = 0;
  const table = entries.map(([tag, value]) => {
    end += value.length;
    return joined(text(tag.padEnd(4, '\0')), u32(end));
  });
  const values = entries.map(([, value]) => text(value));
  return joined(text('CHLO'), Uint8Array.of(entries.length, 0, 0, 0), ...table, ...values);
}
