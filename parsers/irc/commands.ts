/**
 * The commands of IRC, found from octets without making a string.
 *
 * Numerics are 1 to 999 as they stand; words start at 1000; 0 is a command nobody here knows.
 */
import { ascii, spells } from '../../src/bytes/text.ts';

export const Command = {
  Unknown: 0,
  /** Known, and of no interest to anybody's policy: PING, MODE, WHO … */
  Silent: 1000,
  Privmsg: 1001,
  Notice: 1002,
  Cprivmsg: 1003,
  Cnotice: 1004,
  Squery: 1005,
  Wallops: 1006,
  Tagmsg: 1007,
  Whisper: 1008,
  ServiceAlias: 1009,
  UserNotice: 1018,
  Join: 1010,
  Part: 1011,
  Kick: 1012,
  Quit: 1013,
  Topic: 1014,
  Invite: 1015,
  Knock: 1016,
  Nick: 1020,
  Error: 1021,
  Cap: 1022,
  Authenticate: 1023,
  StartTls: 1024,
  Account: 1025,
  User: 1026,
  SetName: 1027,
  Away: 1030,
  Ison: 1031,
  Watch: 1032,
  Monitor: 1033,
  Batch: 1040,
  Redact: 1041,
} as const;

/** Reported words, and servers' short cuts to services (`NS IDENTIFY …`). */
const REPORTED: Readonly<Record<string, number>> = {
  PRIVMSG: Command.Privmsg,
  NOTICE: Command.Notice,
  CPRIVMSG: Command.Cprivmsg,
  CNOTICE: Command.Cnotice,
  SQUERY: Command.Squery,
  WALLOPS: Command.Wallops,
  OPERWALL: Command.Wallops,
  GLOBOPS: Command.Wallops,
  LOCOPS: Command.Wallops,
  CHATOPS: Command.Wallops,
  TAGMSG: Command.Tagmsg,
  WHISPER: Command.Whisper,
  USERNOTICE: Command.UserNotice,
  NS: Command.ServiceAlias,
  NICKSERV: Command.ServiceAlias,
  CS: Command.ServiceAlias,
  CHANSERV: Command.ServiceAlias,
  MS: Command.ServiceAlias,
  MEMOSERV: Command.ServiceAlias,
  OS: Command.ServiceAlias,
  OPERSERV: Command.ServiceAlias,
  HS: Command.ServiceAlias,
  HOSTSERV: Command.ServiceAlias,
  BS: Command.ServiceAlias,
  BOTSERV: Command.ServiceAlias,
  JOIN: Command.Join,
  PART: Command.Part,
  KICK: Command.Kick,
  QUIT: Command.Quit,
  TOPIC: Command.Topic,
  INVITE: Command.Invite,
  KNOCK: Command.Knock,
  NICK: Command.Nick,
  ERROR: Command.Error,
  CAP: Command.Cap,
  AUTHENTICATE: Command.Authenticate,
  STARTTLS: Command.StartTls,
  ACCOUNT: Command.Account,
  USER: Command.User,
  SETNAME: Command.SetName,
  AWAY: Command.Away,
  ISON: Command.Ison,
  WATCH: Command.Watch,
  MONITOR: Command.Monitor,
  BATCH: Command.Batch,
  REDACT: Command.Redact,
};

const SILENT =
  'ACCEPT ACK ADMIN AUTH CAPAB CHANHISTORY CHATHISTORY CHGHOST CLEARCHAT CLEARMSG CLOSE CONNECT ' +
  'CYCLE DIE DLINE EOB ETRACE FAIL GHOST GLINE GLOBALUSERSTATE HELP HELPOP HOSTTARGET INFO ISUPPORT ' +
  'KILL KLINE LINKS LIST LUSERS MAP MARKREAD METADATA MODE MOTD NAMES NOTE OPER PASS PING PONG ' +
  'PROTOCTL PROXY RECONNECT REGISTER REHASH RENAME RESTART ROOMSTATE RULES SERVER SERVLIST SERVICE ' +
  'SILENCE SQUIT STATS SUMMON TIME TRACE UNDLINE UNKLINE USERHOST USERIP USERS ' +
  'USERSTATE VERIFY VERSION WARN WEBIRC WHO WHOIS WHOWAS ZNC';

const SLOTS = 512; // a power of two, four times the words
const slotWords: (Uint8Array | undefined)[] = new Array(SLOTS).fill(undefined);
const slotCommands = new Int32Array(SLOTS);

for (const [word, command] of Object.entries(REPORTED)) add(word, command);
for (const word of SILENT.split(' ')) add(word, Command.Silent);

/** The command in the range: a numeric, one of `Command`, or 0. */
export function commandOf(buffer: Uint8Array, start: number, end: number): number {
  const first = buffer[start] ?? 0;
  if (first >= 0x30 && first <= 0x39) return numericOf(buffer, start, end);
  let slot = slotOf(buffer, start, end);
  for (;;) {
    const word = slotWords[slot];
    if (word === undefined) return Command.Unknown;
    if (spells(buffer, start, end, word)) return slotCommands[slot] ?? 0;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

function numericOf(buffer: Uint8Array, start: number, end: number): number {
  if (end - start !== 3) return Command.Unknown;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (buffer[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return Command.Unknown;
    value = value * 10 + digit;
  }
  return value;
}

function slotOf(buffer: Uint8Array, start: number, end: number): number {
  const last = end - start > 16 ? start + 16 : end;
  let hash = end - start;
  for (let i = start; i < last; i++) hash = (Math.imul(hash, 31) + ((buffer[i] ?? 0) & 0xdf)) | 0;
  return (hash ^ (hash >>> 9)) & (SLOTS - 1);
}

function add(word: string, command: number): void {
  const octets = ascii(word);
  let slot = slotOf(octets, 0, octets.length);
  while (slotWords[slot] !== undefined) slot = (slot + 1) & (SLOTS - 1);
  slotWords[slot] = octets;
  slotCommands[slot] = command;
}
