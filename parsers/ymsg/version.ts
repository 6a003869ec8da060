/**
 * Octets 4 and 5 of the header: big-endian, little-endian in the clients of YMSG 8 to 10 (dossier §3),
 * 0 from servers. 0x65 is the Macintosh client's.
 */
const OLDEST = 8;
const NEWEST = 19;
const MACINTOSH = 0x65;

export function isKnownVersion(field: number): boolean {
  if (field === 0 || field === MACINTOSH) return true;
  const number = versionNumber(field);
  return number >= OLDEST && number <= NEWEST;
}

/** The version, whichever way it is written. */
export function versionNumber(field: number): number {
  return (field & 0xff) === 0 ? field >> 8 : field;
}
