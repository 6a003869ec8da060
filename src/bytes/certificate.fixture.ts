/** X.509 certificates put together for tests: names and nothing that could be verified. */
const octets = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = join(parts);
  const { length } = content;
  if (length < 0x80) return join([Uint8Array.of(tag, length), content]);
  if (length < 0x100) return join([Uint8Array.of(tag, 0x81, length), content]);
  return join([Uint8Array.of(tag, 0x82, length >> 8, length & 0xff), content]);
}

export const attribute = (oid: number, value: string) =>
  der(0x31, der(0x30, der(0x06, Uint8Array.of(0x55, 0x04, oid)), der(0x0c, octets(value))));
export const alternative = (...names: Uint8Array[]) =>
  der(
    0x30,
    der(0x06, Uint8Array.of(0x55, 0x1d, 0x11)),
    der(0x01, Uint8Array.of(0xff)),
    der(0x04, der(0x30, ...names)),
  );
export const keyUsage = der(
  0x30,
  der(0x06, Uint8Array.of(0x55, 0x1d, 0x0f)),
  der(0x04, Uint8Array.of(3)),
);
export const dns = (name: string) => der(0x82, octets(name));

export interface CertificateParts {
  readonly subject?: readonly Uint8Array[];
  readonly extensions?: readonly Uint8Array[] | undefined;
  readonly version?: boolean;
}

export function certificate({
  subject = [],
  extensions,
  version = true,
}: CertificateParts): Uint8Array {
  const fields = [
    ...(version ? [der(0xa0, der(0x02, Uint8Array.of(2)))] : []),
    der(0x02, Uint8Array.of(1)),
    der(0x30),
    der(0x30, attribute(3, 'the issuer.example')),
    der(0x30, der(0x17, octets('250101000000Z')), der(0x17, octets('260101000000Z'))),
    der(0x30, ...subject),
    der(0x30, der(0x03, new Uint8Array(140))),
    ...(extensions === undefined ? [] : [der(0xa3, der(0x30, ...extensions))]),
  ];
  return der(0x30, der(0x30, ...fields), der(0x30), der(0x03, new Uint8Array(70)));
}
