/**
 * Names that an encrypted ClientHello goes under (RFC 9849, "public name"): who provides it, not whom the client
 * asks for. With any other name the extension may be for show, as browsers always send it, and the name counts.
 */
const PUBLIC_NAMES: ReadonlySet<string> = new Set(['cloudflare-ech.com']);

export function isEchPublicName(name: string): boolean {
  return PUBLIC_NAMES.has(name);
}

const LENGTHS: ReadonlySet<number> = new Set([...PUBLIC_NAMES].map(({ length }) => length));

/** False: no name of so many octets, or of one less and a dot, is one of them. */
export function mayBeEchPublicName(octets: number): boolean {
  return LENGTHS.has(octets) || LENGTHS.has(octets - 1);
}
