/** Tells text from what somebody gave by mistake: a capture, an archive, a spreadsheet. */

const KINDS: readonly (readonly [string, string])[] = [
  ['d4c3b2a1', 'a pcap capture'],
  ['a1b2c3d4', 'a pcap capture'],
  ['4d3cb2a1', 'a pcap capture'],
  ['a1b23c4d', 'a pcap capture'],
  ['0a0d0d0a', 'a pcapng capture'],
  ['1f8b', 'a gzip file'],
  ['28b52ffd', 'a zstd file'],
  ['504b0304', 'a ZIP file or spreadsheet'],
  ['d0cf11e0', 'an old Office document'],
  ['25504446', 'a PDF'],
  ['89504e47', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['7f454c46', 'a program'],
  ['fffe', 'UTF-16: save it as UTF-8'],
  ['feff', 'UTF-16: save it as UTF-8'],
];
const LOOKED_AT = 8192; // octets searched for NUL, which no text has

/** Why these octets are no text file; undefined for text. */
export function notText(octets: Uint8Array): string | undefined {
  const start = Array.from(octets.subarray(0, 4), (octet) => octet.toString(16).padStart(2, '0'));
  const kind = KINDS.find(([magic]) => start.join('').startsWith(magic))?.[1];
  if (kind === undefined && !octets.subarray(0, LOOKED_AT).includes(0)) return undefined;
  return `this is not a text file${kind === undefined ? '' : ` (looks like ${kind})`}`;
}
