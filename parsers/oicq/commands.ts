/**
 * The commands of QQ that are known by their number. What they carry is encrypted: only that they were
 * said is told. With QQ 2009 (versions from 14 00) the numbers changed: 0001 signed out before and asks
 * for the names of the contact groups since, 0062 asked for a login token before and signs out since.
 *
 * Sources: Wireshark's table (it knows the older meaning only); LumaQQ, libpurple and libqq of the time
 * for the numbers since 2009; 08xx are the sign-in of later versions.
 */
const SINCE_2009 = 0x1400;

export const Meaning = { Other: 0, SignIn: 1, SignOut: 2 } as const;
export type Meaning = (typeof Meaning)[keyof typeof Meaning];

const KNOWN: ReadonlySet<number> = new Set([
  0x0001, 0x0002, 0x0004, 0x0005, 0x0006, 0x0009, 0x000a, 0x000b, 0x000d, 0x0012, 0x0016, 0x0017,
  0x0018, 0x001a, 0x001c, 0x001d, 0x0021, 0x0022, 0x0026, 0x0027, 0x0029, 0x0030, 0x0031, 0x003c,
  0x003d, 0x003e, 0x0058, 0x005c, 0x0062, 0x0065, 0x0067, 0x0080, 0x0081, 0x0091, 0x00a4, 0x00a7,
  0x00a8, 0x00ae, 0x00b5, 0x00b7, 0x00ba, 0x00cd, 0x00ce, 0x00d4, 0x00d5, 0x00da, 0x00dd, 0x00e5,
  0x00ec, 0x0126, 0x03f7, 0x0825, 0x0828, 0x0836,
]);

export function isKnown(command: number): boolean {
  return KNOWN.has(command);
}

/** What a client asks for with the command. */
export function meaningOf(version: number, command: number): Meaning {
  if (version < SINCE_2009) {
    if (command === 0x0022) return Meaning.SignIn;
    return command === 0x0001 ? Meaning.SignOut : Meaning.Other;
  }
  if (command === 0x00dd || command === 0x0836) return Meaning.SignIn;
  return command === 0x0062 ? Meaning.SignOut : Meaning.Other;
}
