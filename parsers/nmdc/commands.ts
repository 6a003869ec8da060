/** The command words of NMDC, `$Word` less the `$`, found from octets without making a string. */
import { ascii, startsWith } from '../../src/bytes/text.ts';

export const Command = {
  Unknown: 0,
  /** Known, and nobody's conversation: $Search, $UserIP, $Key … */
  Silent: 1,
  To: 2,
  MainChatTo: 3,
  ValidateNick: 4,
  Version: 5,
  Hello: 6,
  LogedIn: 7,
  Refused: 8,
  ForceMove: 9,
  MyInfo: 10,
  Quit: 11,
  HubName: 12,
  HubTopic: 13,
  SetTopic: 14,
  Kick: 15,
  OpForceMove: 16,
  ConnectToMe: 17,
  SearchResult: 18,
  ZOn: 19,
  MyNick: 20,
  Lock: 21,
  Get: 22,
  FileLength: 23,
  Send: 24,
  GetBlock: 25,
  GetZBlock: 31,
  Sending: 26,
  AdcGet: 27,
  AdcSend: 28,
  PeerRefused: 29,
  Cancel: 30,
} as const;
export type Command = (typeof Command)[keyof typeof Command];

const REPORTED: Readonly<Record<string, Command>> = {
  'To:': Command.To,
  'MCTo:': Command.MainChatTo,
  ValidateNick: Command.ValidateNick,
  Version: Command.Version,
  Hello: Command.Hello,
  LogedIn: Command.LogedIn,
  BadPass: Command.Refused,
  ValidateDenide: Command.Refused,
  HubIsFull: Command.Refused,
  BadNick: Command.Refused,
  ForceMove: Command.ForceMove,
  MyINFO: Command.MyInfo,
  Quit: Command.Quit,
  HubName: Command.HubName,
  HubTopic: Command.HubTopic,
  SetTopic: Command.SetTopic,
  Kick: Command.Kick,
  Close: Command.Kick,
  OpForceMove: Command.OpForceMove,
  ConnectToMe: Command.ConnectToMe,
  SR: Command.SearchResult,
  ZOn: Command.ZOn,
  MyNick: Command.MyNick,
  Lock: Command.Lock,
  Get: Command.Get,
  FileLength: Command.FileLength,
  Send: Command.Send,
  GetZBlock: Command.GetZBlock,
  UGetBlock: Command.GetBlock,
  UGetZBlock: Command.GetZBlock,
  Sending: Command.Sending,
  ADCGET: Command.AdcGet,
  ADCSND: Command.AdcSend,
  MaxedOut: Command.PeerRefused,
  Error: Command.PeerRefused,
  Failed: Command.PeerRefused,
  Cancel: Command.Cancel,
  Canceled: Command.Cancel,
};

/** Negotiation, passwords, searches, lists of nicks and addresses. */
const SILENT =
  'Supports Key GetPass MyPass GetNickList GetINFO NickList OpList BotList BotINFO HubINFO UserCommand ' +
  'UserIP Search MultiSearch SA SP RevConnectToMe MultiConnectToMe GetHubURL MyHubURL HubURL ' +
  'SetHubURL FailOver GetTopic Direction GetListLen ListLen Ban BanList GetBanList TempBan UnBan ' +
  'WhoIP GetCID ClientID NickRule SearchRule SetIcon';

const LONGEST = 16; // octets: MultiConnectToMe

interface Word {
  readonly octets: Uint8Array;
  readonly command: Command;
}

const WORDS: readonly Word[] = [
  ...Object.entries(REPORTED),
  ...SILENT.split(' ').map((word) => [word, Command.Silent] as const),
].map(([word, command]) => ({ octets: ascii(word), command }));

/** By length and first octet: a few words each. */
const BY_SHAPE: readonly (readonly Word[])[] = Array.from({ length: (LONGEST + 1) * 128 }, (_, i) =>
  WORDS.filter(({ octets }) => octets.length * 128 + (octets[0] ?? 0) === i),
);

/** The command that buffer[start, end) spells. */
export function commandOf(buffer: Uint8Array, start: number, end: number): Command {
  const length = end - start;
  const first = buffer[start] ?? 0;
  if (length < 1 || length > LONGEST || first > 127) return Command.Unknown;
  const words = BY_SHAPE[length * 128 + first];
  if (words === undefined) return Command.Unknown;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word !== undefined && startsWith(buffer, start, word.octets)) return word.command;
  }
  return Command.Unknown;
}
