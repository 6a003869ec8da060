/**
 * What stands in an envelope before its event, as octets: the same as envelopeHead (envelope.ts) gives as a text,
 * which would be made and written only to be forgotten.
 */
import { envelopeHead } from './envelope.ts';

/** Octets, at most; of the moment and the digest as they are written. */
const WIDEST = 256;

const CONVERSATION = Buffer.from(',"conversation":');
const REPEAT = Buffer.from(',"repeat":true');
const CONTENT = Buffer.from(',"content":"');
const EVENT = Buffer.from(',"event":');
const QUOTE = 0x22;
const ZERO = 0x30;

export interface EventHead {
  /** RFC 3339. */
  readonly at: string;
  readonly conversation: number | undefined;
  readonly repeat: boolean;
  readonly subject: string | undefined;
  /** Hex. */
  readonly content: string | undefined;
}

/** Of the events that are archived at one moment. */
let moment = '';
let begin = Buffer.alloc(0);

/** Octets that `writeEventHead` may need. */
export function mostOfHead({ subject }: EventHead): number {
  // JSON writes a code unit as six octets at most.
  return WIDEST + (subject === undefined ? 0 : 6 * subject.length);
}

/** Up to and with `"event":`. Returns where it ends. */
export function writeEventHead(head: EventHead, target: Buffer, from: number): number {
  const { at, conversation, repeat, subject, content } = head;
  if (subject !== undefined) {
    const members = { conversation, repeat: repeat || undefined, subject, content };
    const text = envelopeHead({ ...members, kind: 'event', at });
    return put(EVENT, target, from + target.write(text, from));
  }
  if (at !== moment) {
    begin = Buffer.from(envelopeHead({ kind: 'event', at }));
    moment = at;
  }
  target.set(begin, from);
  let end = from + begin.length;
  if (conversation !== undefined) {
    end = putNumber(conversation, target, put(CONVERSATION, target, end));
  }
  if (repeat) end = put(REPEAT, target, end);
  if (content !== undefined) {
    end = put(CONTENT, target, end);
    for (let i = 0; i < content.length; i++) target[end + i] = content.charCodeAt(i);
    end += content.length;
    target[end++] = QUOTE;
  }
  return put(EVENT, target, end);
}

function put(octets: Buffer, target: Buffer, at: number): number {
  for (let i = 0; i < octets.length; i++) target[at + i] = octets[i] as number;
  return at + octets.length;
}

/** A count. */
function putNumber(value: number, target: Buffer, at: number): number {
  let digits = 1;
  for (let most = 10; value >= most; most *= 10) digits += 1;
  let rest = value;
  for (let i = digits - 1; i >= 0; i--) {
    const tenth = Math.floor(rest / 10);
    target[at + i] = rest - tenth * 10 + ZERO;
    rest = tenth;
  }
  return at + digits;
}
