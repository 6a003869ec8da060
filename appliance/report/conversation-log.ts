/**
 * Who talked with whom: for each pair of parties or room the counts, the times and a few lines.
 * Memory is bounded: conversations and lines beyond the limits are only counted.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { boundedKey, kept } from './kept.ts';
import { BY_ACCOUNT, type Naming } from './naming.ts';
import { isNotable, type ShownVerdict, shownVerdict } from './verdict-text.ts';

export const CONVERSATION_LIMITS = {
  /** Conversations kept: about 8 kB each at most. */
  conversations: 2000,
  /** The last lines of a conversation, and the last ones with a verdict worth seeing. */
  lines: 6,
  notableLines: 4,
  parties: 6,
  textCodeUnits: 240,
  nameCodeUnits: 100,
} as const;

// What is longer than any real pair of names shares a conversation.
const KEY_CODE_UNITS = 600;

export interface ConversationLine {
  /** Position in the conversation, from 0. */
  readonly position: number;
  readonly time: number;
  readonly service: string;
  readonly who: string;
  readonly text: string;
  readonly verdict: ShownVerdict | undefined;
}

export interface Conversation {
  /** One, or by person all that they used, in order of appearance. */
  readonly services: Set<string>;
  readonly room: string | undefined;
  /** In order of appearance, at most `parties` of them. */
  readonly parties: Set<string>;
  morePeople: boolean;
  messages: number;
  notable: number;
  firstTime: number;
  lastTime: number;
  entries: number;
  readonly lastLines: ConversationLine[];
  readonly notableLines: ConversationLine[];
}

export type ShownText = (event: ImEvent) => string | undefined;

export class ConversationLog {
  readonly #shownText: ShownText;
  readonly #naming: Naming;
  readonly #conversations = new Map<string, Conversation>();
  messages = 0;
  /** Carbons, echoes, archived and replayed messages: said elsewhere already. */
  copies = 0;
  /** Messages of conversations that found no place. */
  leftOut = 0;
  /** Messages seen again where they were delivered. */
  deliveries = 0;
  /** Messages that the naming is not concerned with. */
  ofOthers = 0;

  constructor(shownText: ShownText, naming: Naming = BY_ACCOUNT) {
    this.#shownText = shownText;
    this.#naming = naming;
  }

  add(event: ImEvent): void {
    const text = lineText(event, this.#shownText);
    if (text === undefined) return;
    if (event.copy !== undefined) {
      this.copies += 1;
      return;
    }
    const isMessage = event.kind === 'message';
    if (isMessage) this.messages += 1;
    if (!this.#naming.concerns(event)) {
      if (isMessage) this.ofOthers += 1;
      return;
    }
    const conversation = this.#conversation(event);
    if (conversation === undefined) {
      if (isMessage) this.leftOut += 1;
      return;
    }
    if (isMessage) conversation.messages += 1;
    this.#addParties(conversation, event);
    const verdict = shownVerdict(event.verdict);
    const line: ConversationLine = {
      position: conversation.entries,
      time: event.time,
      service: event.service ?? event.protocol ?? '?',
      who: kept(this.#naming.sender(event), CONVERSATION_LIMITS.nameCodeUnits),
      text: kept(text, CONVERSATION_LIMITS.textCodeUnits),
      verdict,
    };
    conversation.services.add(line.service);
    conversation.entries += 1;
    conversation.firstTime = Math.min(conversation.firstTime, event.time);
    conversation.lastTime = Math.max(conversation.lastTime, event.time);
    keepLast(conversation.lastLines, line, CONVERSATION_LIMITS.lines);
    if (isNotable(verdict)) {
      conversation.notable += 1;
      keepLast(conversation.notableLines, line, CONVERSATION_LIMITS.notableLines);
    }
  }

  /** A message that was shown where it was sent. */
  delivered(event: ImEvent): void {
    if (event.copy !== undefined) this.copies += 1;
    else if (this.#naming.concerns(event)) this.deliveries += 1;
  }

  get size(): number {
    return this.#conversations.size;
  }

  /** The `most` conversations worth showing (verdicts first, then the longest), in order of time. */
  shown(most: number): Conversation[] {
    return [...this.#conversations.values()]
      .sort((a, b) => Math.sign(b.notable) - Math.sign(a.notable) || b.entries - a.entries)
      .slice(0, most)
      .sort((a, b) => a.firstTime - b.firstTime);
  }

  #conversation(event: ImEvent): Conversation | undefined {
    const key = boundedKey(this.#naming.key(event), KEY_CODE_UNITS);
    const known = this.#conversations.get(key);
    if (known !== undefined) return known;
    if (this.#conversations.size >= CONVERSATION_LIMITS.conversations) return undefined;
    const room = event.room;
    const made: Conversation = {
      services: new Set(),
      room: room === undefined ? undefined : kept(room, CONVERSATION_LIMITS.nameCodeUnits),
      parties: new Set(),
      morePeople: false,
      messages: 0,
      notable: 0,
      firstTime: event.time,
      lastTime: event.time,
      entries: 0,
      lastLines: [],
      notableLines: [],
    };
    this.#conversations.set(key, made);
    return made;
  }

  #addParties(conversation: Conversation, event: ImEvent): void {
    for (const name of this.#naming.parties(event)) {
      if (name === '' || conversation.parties.has(name)) continue;
      if (conversation.parties.size < CONVERSATION_LIMITS.parties) {
        conversation.parties.add(kept(name, CONVERSATION_LIMITS.nameCodeUnits));
      } else conversation.morePeople = true;
    }
  }
}

/** Lines to show, in order: the last ones and the notable ones, at most `most`. */
export function linesOf(conversation: Conversation, most: number): ConversationLine[] {
  const chosen = new Map<number, ConversationLine>();
  // Notable lines first: where there is no room for all, they stay.
  for (const line of [...conversation.notableLines].reverse()) chosen.set(line.position, line);
  for (const line of [...conversation.lastLines].reverse()) {
    if (chosen.size < most) chosen.set(line.position, line);
  }
  return [...chosen.values()].slice(0, most).sort((a, b) => a.position - b.position);
}

function lineText(event: ImEvent, shownText: ShownText): string | undefined {
  switch (event.kind) {
    case 'message':
      return messageText(event, shownText(event));
    case 'message.edit':
      return `(corrected) ${shownText(event) ?? ''}`;
    case 'message.delete':
      return '(took a message back)';
    case 'room.topic':
      return `(topic) ${shownText(event) ?? event.subject ?? 'cleared'}`;
    case 'call.offer':
      return `(offers ${event.call?.media === 'video' ? 'a video' : 'a voice'} call)`;
    default:
      return undefined;
  }
}

/** What there is to say of messages without text. */
const FORMS: Readonly<Record<string, string>> = { nudge: '(nudge)', ink: '(handwriting)' };

function messageText(event: ImEvent, shown: string | undefined): string {
  const text = shown ?? event.subject ?? FORMS[event.form ?? ''] ?? '(no text)';
  const sealed = event.encrypted === undefined ? '' : `(encrypted: ${event.encrypted}) `;
  if (event.form === 'action') return `${sealed}* ${text}`;
  return event.form === 'ctcp' ? `${sealed}(ctcp) ${text}` : `${sealed}${text}`;
}

function keepLast<T>(list: T[], item: T, most: number): void {
  if (list.length === most) list.shift();
  list.push(item);
}
