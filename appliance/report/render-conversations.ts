import { clock, counted, span } from './amounts.ts';
import { cell, clip, columnWidth, displayWidth } from './columns.ts';
import {
  type Conversation,
  type ConversationLine,
  type ConversationLog,
  linesOf,
} from './conversation-log.ts';
import { heading, joined, remark } from './layout.ts';
import type { Layout } from './page.ts';
import { mark, paintAction, verdictWords } from './verdict-text.ts';

const SHOWN_LINES = 8;
const NAME_CELLS = 22;
const SERVICE_CELLS = 14;
const SEVERAL_SERVICES_CELLS = 30;

export function renderConversations(log: ConversationLog, most: number, layout: Layout): string[] {
  if (log.size === 0 && log.ofOthers === 0) return [];
  const copies = log.copies === 0 ? '' : `, ${counted(log.copies, 'copy', 'copies')} not shown`;
  const again = log.deliveries === 0 ? '' : `, ${log.deliveries} seen again where delivered`;
  const facts = `${counted(log.size, 'conversation')}, ${counted(log.messages, 'message')}${copies}${again}`;
  const lines = heading('CONVERSATIONS', facts, layout);
  const shown = log.shown(most);
  for (const conversation of shown) lines.push(...renderConversation(conversation, layout));
  if (shown.length < log.size) {
    lines.push(remark(`… and ${counted(log.size - shown.length, 'more conversation')}`, layout));
  }
  if (log.ofOthers > 0) {
    const what = `${counted(log.ofOthers, 'message')} between people the directory does not know`;
    lines.push(remark(`… and ${what}`, layout));
  }
  if (log.leftOut > 0) {
    lines.push(remark(`… and ${counted(log.leftOut, 'message')} of others, only counted`, layout));
  }
  return lines;
}

function renderConversation(conversation: Conversation, layout: Layout): string[] {
  const chosen = linesOf(conversation, SHOWN_LINES);
  const nameWidth = columnWidth(
    chosen.map((line) => line.who),
    NAME_CELLS,
  );
  const lines = [title(conversation, layout)];
  let next = 0;
  for (const line of chosen) {
    if (line.position > next) lines.push(skipped(line.position - next, layout));
    lines.push(...renderLine(line, nameWidth, conversation.services.size > 1, layout));
    next = line.position + 1;
  }
  return lines;
}

function title(conversation: Conversation, { width, paint }: Layout): string {
  const { services, room, messages, firstTime, lastTime } = conversation;
  const people = [...conversation.parties, ...(conversation.morePeople ? ['…'] : [])];
  const facts = `${counted(messages, 'message')}  ${span(firstTime, lastTime)}`;
  const left = clip(
    [...services].join(', '),
    services.size > 1 ? SEVERAL_SERVICES_CELLS : SERVICE_CELLS,
  );
  const space = width - displayWidth(left) - displayWidth(facts) - 5;
  const who = room === undefined ? joinedPair(people, space) : `${clip(room, space)}`;
  const others =
    room === undefined ? '' : `  ${joined(people, space - displayWidth(who) - 2)}`.trimEnd();
  const gap = ' '.repeat(Math.max(2, space - displayWidth(who) - displayWidth(others) + 2));
  return ` ${paint.cyan(left)}  ${paint.bold(who)}${paint.dim(others)}${gap}${paint.dim(facts)}`;
}

function joinedPair(people: readonly string[], width: number): string {
  const [one, other] = people;
  if (people.length === 2 && one !== undefined && other !== undefined) {
    const half = Math.floor((width - 3) / 2);
    const right = clip(other, Math.max(half, width - 3 - displayWidth(clip(one, width))));
    return `${clip(one, width - 3 - displayWidth(right))} ↔ ${right}`;
  }
  return joined(people, width);
}

function skipped(count: number, { paint }: Layout): string {
  return `   ${paint.dim(`⋮ ${counted(count, 'line')} not shown`)}`;
}

/** The verdict stands at the end of the line where there is room, else below. */
function renderLine(
  line: ConversationLine,
  nameWidth: number,
  withService: boolean,
  { width, paint }: Layout,
): string[] {
  const { verdict } = line;
  const indent = 5 + 9 + nameWidth + 2; // mark, time, name
  const space = width - indent;
  const via = withService ? `${line.service}: ` : '';
  const text = clip(via + line.text, space);
  const shown = via === '' ? text : paint.cyan(via) + text.slice(via.length);
  const head = `   ${mark(verdict, paint)} ${paint.dim(clock(line.time))} ${paint.bold(cell(line.who, nameWidth))}  ${shown}`;
  const words = clip(verdictWords(verdict), width - 16);
  if (words === '' || verdict === undefined) return [head.trimEnd()];
  const action = verdict.action === 'pass' ? paint.yellow : paintAction(verdict.action, paint);
  const room = space - displayWidth(text) - displayWidth(words);
  if (room >= 2) return [`${head}${' '.repeat(room)}${action(words)}`];
  const from = Math.max(14, width - displayWidth(words) - 2);
  return [head, `${' '.repeat(from)}${paint.dim('└')} ${action(words)}`];
}
