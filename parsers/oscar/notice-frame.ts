/**
 * What the user is told, as a message that a client shows: 04/07 on a pager, 0E/06 in a room. Its
 * sender is nobody's account: `Sallyport` with AIM, 1 with ICQ, whose clients want a number.
 */
import { data, SERVER_REQUEST, tlv, u16, userInfo, utf8Octets, utf16Octets } from './frames.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { isUin } from './screen-name.ts';
import { Charset } from './text-decoding.ts';

const COOKIE = utf8Octets('SALLYPRT');
const FEATURES = [0x05, 0x01, 0x00, 0x01, 0x01];
/** Characters: a frame has room for 65 535 octets, two a character. */
const NOTICE_LIMIT = 2048;

/** Undefined where the connection shows no messages. */
export function noticeFrame(flow: OscarFlow, notice: string): number[] | undefined {
  const told = notice.slice(0, NOTICE_LIMIT);
  const isIcq = flow.account !== undefined && isUin(flow.account);
  const sender = userInfo(isIcq ? '1' : 'Sallyport');
  const text = isIcq ? told : escaped(told);
  if (flow.purpose === 'pager') {
    const body = [...COOKIE, ...u16(1), ...sender, ...tlv(0x02, [...FEATURES, ...piece(text)])];
    return data(0, { family: 0x04, subtype: 0x07, request: SERVER_REQUEST, body });
  }
  if (!flow.joined && flow.purpose !== 'chat') return undefined;
  const words = [...tlv(0x01, utf8Octets(text)), ...tlv(0x02, utf8Octets('utf-8'))];
  const body = [...COOKIE, ...u16(3), ...tlv(0x03, sender), ...tlv(0x01, []), ...tlv(0x05, words)];
  return data(0, { family: 0x0e, subtype: 0x06, request: SERVER_REQUEST, body });
}

/** 01 01 · u16 length · u16 charset · u16 0 · text. */
function piece(text: string): number[] {
  const octets = utf8Octets(text);
  const ascii = octets.length === text.length;
  const written = [
    ...u16(ascii ? Charset.Ascii : Charset.Utf16),
    ...u16(0),
    ...(ascii ? octets : utf16Octets(text)),
  ];
  return [0x01, 0x01, ...u16(written.length), ...written];
}

/** AIM clients read HTML. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
