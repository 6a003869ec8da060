/** What a client may say: one place from command to handler. */
import { TocAnomaly } from './anomalies.ts';
import { clientWords, type Word } from './client-words.ts';
import * as contacts from './contacts.ts';
import * as messages from './messages.ts';
import { wordText } from './messages.ts';
import * as presence from './presence.ts';
import * as rendezvous from './rendezvous.ts';
import * as rooms from './rooms.ts';
import type { TocFlow } from './toc-flow.ts';
import { COMMAND_LIMIT } from './toc-limits.ts';
import { canonicalName, some } from './toc-text.ts';

type Handler = (flow: TocFlow, words: readonly Word[]) => void;

const nothing: Handler = () => {};
const rest = (words: readonly Word[]) => words.slice(1);

/** toc_signon authorizer port user 0xpassword language version …: the password goes nowhere. */
const signOn: Handler = (flow, words) => flow.signingOn(canonicalName(wordText(words[3])));

const COMMANDS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['toc_signon', signOn],
  ['toc2_signon', signOn],
  ['toc2_login', signOn],
  ['toc_init_done', nothing],
  ['toc_send_im', (flow, words) => messages.onSend(flow, words, 2)],
  ['toc2_send_im', (flow, words) => messages.onSend(flow, words, 2)],
  ['toc_send_im_enc', (flow, words) => messages.onSend(flow, words, 5)],
  ['toc2_send_im_enc', (flow, words) => messages.onSend(flow, words, 5)],
  [
    'toc2_client_event',
    (flow, [, user, code]) => messages.onTyping(flow, wordText(user), wordText(code)),
  ],
  ['toc_evil', (flow, [, user]) => messages.onWarning(flow, wordText(user), '')],
  ['toc_chat_evil', (flow, [, , user]) => messages.onWarning(flow, wordText(user), '')],
  ['toc_chat_join', (flow, words) => rooms.onAskToJoin(flow, nameOf(words.slice(2)))],
  ['toc_chat_accept', (flow, [, id]) => rooms.onAskToJoin(flow, flow.room(wordText(id)))],
  ['toc_chat_leave', (flow, [, id]) => rooms.onLeave(flow, wordText(id))],
  ['toc_chat_send', (flow, words) => messages.onRoomSend(flow, words, false)],
  ['toc_chat_send_enc', (flow, words) => messages.onRoomSend(flow, words, true)],
  ['toc_chat_whisper', (flow, words) => messages.onWhisper(flow, words, false)],
  ['toc_chat_whisper_enc', (flow, words) => messages.onWhisper(flow, words, true)],
  ['toc_chat_invite', rooms.onInvite],
  ['toc_add_buddy', (flow, words) => contacts.onNames(flow, rest(words), 'contact.add', 'roster')],
  [
    'toc_remove_buddy',
    (flow, words) => contacts.onNames(flow, rest(words), 'contact.remove', 'roster'),
  ],
  ['toc2_remove_buddy', (flow, words) => contacts.onRemove(flow, rest(words))],
  ['toc_add_permit', (flow, words) => contacts.onNames(flow, rest(words), 'contact.add', 'allow')],
  ['toc2_add_permit', (flow, words) => contacts.onNames(flow, rest(words), 'contact.add', 'allow')],
  [
    'toc2_remove_permit',
    (flow, words) => contacts.onNames(flow, rest(words), 'contact.remove', 'allow'),
  ],
  ['toc_add_deny', (flow, words) => contacts.onNames(flow, rest(words), 'contact.block', 'block')],
  ['toc2_add_deny', (flow, words) => contacts.onNames(flow, rest(words), 'contact.block', 'block')],
  [
    'toc2_remove_deny',
    (flow, words) => contacts.onNames(flow, rest(words), 'contact.unblock', 'block'),
  ],
  ['toc_set_config', (flow, words) => contacts.onConfig(flow, wordText(words[1]), 'contact.list')],
  ['toc2_set_config', (flow, words) => contacts.onConfig(flow, wordText(words[1]), 'contact.list')],
  ['toc2_new_buddies', (flow, words) => contacts.onConfig(flow, wordText(words[1]), 'contact.add')],
  ['toc2_new_group', nothing],
  ['toc2_del_group', nothing],
  ['toc2_set_pdmode', nothing],
  ['toc_set_away', (flow, [, text]) => away(flow, wordText(text))],
  ['toc_set_idle', (flow, [, seconds]) => idle(flow, wordText(seconds))],
  ['toc_set_info', (flow, [, text]) => presence.onOwn(flow, 'profile', wordText(text))],
  ['toc_rvous_accept', (flow, words) => rendezvous.onAnswer(flow, words, 'file.accept')],
  ['toc_rvous_cancel', (flow, words) => rendezvous.onAnswer(flow, words, 'file.decline')],
  ['toc_set_caps', nothing],
  ['toc_get_info', nothing],
  ['toc_get_dir', nothing],
  ['toc_set_dir', nothing],
  ['toc_dir_search', nothing],
  ['toc_get_status', nothing],
  ['toc_format_nickname', nothing],
  ['toc_change_passwd', nothing],
  ['toc_noop', nothing],
]);

/** buffer[start, end) is the command without its NUL. */
export function clientCommand(flow: TocFlow, start: number, end: number): void {
  const { words, open, more } = clientWords(flow.buffer, start, end);
  if (open) flow.anomaly(TocAnomaly.OpenQuote);
  if (more) flow.anomaly(TocAnomaly.TooMany);
  const command = wordText(words[0]).toLowerCase();
  if (command === '') return;
  if (flow.version === undefined) flow.version = command.startsWith('toc2_') ? '2.0' : undefined;
  const handler = COMMANDS.get(command);
  if (handler !== undefined) {
    handler(flow, words);
    return;
  }
  const event = flow.newEvent('app.unknown');
  event.from = flow.account;
  event.reason = command.slice(0, COMMAND_LIMIT);
  flow.say(event);
}

/** Room names are not always quoted. */
function nameOf(words: readonly Word[]): string | undefined {
  return some(words.map((word) => wordText(word)).join(' '));
}

function away(flow: TocFlow, text: string): void {
  presence.onOwn(flow, text === '' ? 'available' : 'away', text);
}

function idle(flow: TocFlow, seconds: string): void {
  presence.onOwn(flow, /^0*$/.test(seconds) ? 'available' : 'idle', '');
}
