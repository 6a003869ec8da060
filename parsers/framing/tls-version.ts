/** Version numbers of TLS and DTLS on the wire, ordered by age and named. */

const DRAFT = 0x7f; // TLS 1.3 drafts: 7fNN (RFC 8446 before its number)
const FIZZ = 0xfb; // the same of Facebook's: fb17, fb1a
const DTLS = 0xfe;

/** Newer is greater, DTLS beside the TLS that it follows; 0 for a number that nobody gave out. */
export function versionAge(version: number): number {
  if (version >= 0x0300 && version <= 0x0304) return version - 0x02ff;
  const high = version >> 8;
  if (high === DRAFT || high === FIZZ) return 5;
  if (version === 0xfeff) return 3; // DTLS 1.0 follows TLS 1.1
  if (version === 0xfefd) return 4;
  if (version === 0xfefc) return 5;
  return 0;
}

/** The last version that says itself in the legacy field. */
export const AGE_OF_1_2 = 4;
/** The first version without a certificate in clear. */
export const AGE_OF_1_3 = 5;

/** As `tls.version` says it: `1.3`; DTLS by its own numbers, SSL as `ssl3`. */
export function versionNumber(version: number): string | undefined {
  const age = versionAge(version);
  if (age === 0) return undefined;
  if (age === 1) return 'ssl3';
  if (version === 0xfeff) return '1.0';
  return `1.${age - 2}`;
}

/** For people: `TLS 1.3`, `DTLS 1.2`, `SSL 3.0`. */
export function versionName(version: number): string {
  const number = versionNumber(version);
  const family = version >> 8 === DTLS ? 'DTLS' : 'TLS';
  if (number === undefined) return family;
  return number === 'ssl3' ? 'SSL 3.0' : `${family} ${number}`;
}
