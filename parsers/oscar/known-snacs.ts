/**
 * Which SNACs exist and who sends them. What is not here is newer than this decoder, and is said as
 * `app.unknown`. Sources: dossier; libpurple oscar.h; Open OSCAR Server wire/snacs.go.
 */
import { Direction } from '../contract.ts';

interface Family {
  readonly client: string;
  readonly server: string;
}

const FAMILIES: Readonly<Record<string, Family>> = {
  // OSERVICE. 16, the no-op, is what neutral frames become, in either direction.
  '01': {
    client: '02 04 06 08 09 0c 0e 11 14 16 17 19 1b 1c 1e 20 22',
    server: '01 03 05 07 0a 0b 0d 0f 10 12 13 15 16 18 1a 1d 1f 21 23',
  },
  // LOCATE
  '02': {
    client: '02 04 05 07 09 0b 0d 0f 11 13 15',
    server: '01 03 06 08 0a 0c 0e 10 12 14',
  },
  // BUDDY
  '03': { client: '02 04 05 06 08 0f 10', server: '01 03 07 09 0a 0b 0c' },
  // ICBM
  '04': {
    client: '02 03 04 06 08 0b 0e 10 11 14',
    server: '01 05 07 09 0a 0b 0c 0d 0f 13 14 15 17',
  },
  // ADVERT, INVITE
  '05': { client: '02', server: '01 03 04' },
  '06': { client: '02', server: '01 03' },
  // ADMIN
  '07': { client: '02 04 06 08', server: '01 03 05 07 09' },
  // POPUP
  '08': { client: '', server: '01 02' },
  // PD, the older permit and deny lists
  '09': { client: '02 04 05 06 07 08 0a 0b', server: '01 03 09' },
  // USER LOOKUP, STATS, TRANSLATE
  '0a': { client: '02', server: '01 03' },
  '0b': { client: '03', server: '01 02 04' },
  '0c': { client: '02', server: '01 03' },
  // CHAT NAV, CHAT
  '0d': { client: '02 03 04 05 06 07 08', server: '01 09' },
  '0e': { client: '05 07', server: '01 02 03 04 06 08 09' },
  // ODIR
  '0f': { client: '02 04', server: '01 03 05' },
  // BART
  '10': { client: '02 04 06', server: '01 03 05 07' },
  // FEEDBAG
  '13': {
    client: '02 04 05 07 08 09 0a 0b 0c 0d 10 11 12 13 14 16 18 1a',
    server: '01 03 06 08 09 0a 0e 0f 11 12 15 19 1b 1c',
  },
  // ICQ
  '15': { client: '02', server: '01 03' },
  // BUCP
  '17': { client: '02 04 06 08 0b 0c', server: '01 03 05 07 09 0a 0d' },
  // ALERT (mail), MDIR
  '18': {
    client: '02 04 06 08 0a 0c 0e 10 12 14 16',
    server: '01 03 05 07 09 0b 0d 0f 11 13 15 17',
  },
  '25': { client: '02 04', server: '01 03 05' },
};

const SUBTYPES = 0x40;
/** For each family and subtype: 1 << direction of who sends it. */
const SENDERS = new Uint8Array(0x40 * SUBTYPES);
for (const [family, { client, server }] of Object.entries(FAMILIES)) {
  enter(family, client, Direction.ToServer);
  enter(family, server, Direction.ToClient);
}

function enter(family: string, subtypes: string, direction: Direction): void {
  for (const subtype of subtypes.split(' ')) {
    if (subtype === '') continue;
    const at = Number.parseInt(family, 16) * SUBTYPES + Number.parseInt(subtype, 16);
    SENDERS[at] = (SENDERS[at] ?? 0) | (1 << direction);
  }
}

/** The SNAC is known to go in this direction. */
export function isKnownSnac(family: number, subtype: number, direction: Direction): boolean {
  return (sendersOf(family, subtype) & (1 << direction)) !== 0;
}

/** The SNAC goes in this direction and never in the other: it tells client from server. */
export function orients(family: number, subtype: number, direction: Direction): boolean {
  return sendersOf(family, subtype) === 1 << direction;
}

function sendersOf(family: number, subtype: number): number {
  if (family >= 0x40 || subtype >= SUBTYPES) return 0;
  return SENDERS[family * SUBTYPES + subtype] ?? 0;
}
