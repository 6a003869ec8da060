/**
 * Batches (IRCv3 batch): which lines are old messages, and which lines make one message.
 *
 * `BATCH +ref chathistory #c`, `@batch=ref` on its lines, `BATCH -ref`. Lines of a
 * `draft/multiline` batch are joined with LF, or without where tagged multiline-concat.
 */
import { BATCHES_LIMIT, MULTILINE_LIMIT, MULTILINE_LINES_LIMIT, NAME_LIMIT } from './irc-limits.ts';

const BATCH_HELD = 512; // octets of one batch
const LINE_HELD = 96; // of one line beside its characters

/** One message under way. */
export class Multiline {
  readonly target: string;
  /** Stream offset of the line that opened the batch. */
  readonly start: number;
  readonly messageId: string | undefined;
  readonly refersTo: string | undefined;
  speaker: string | undefined = undefined;
  notice = false;
  text = '';
  #lines = 0;

  constructor(
    target: string,
    start: number,
    messageId: string | undefined,
    refersTo: string | undefined,
  ) {
    this.target = target;
    this.start = start;
    this.messageId = messageId;
    this.refersTo = refersTo;
  }

  /** False where the message would outgrow its limit: the line is then on its own. */
  add(text: string, concat: boolean): boolean {
    if (this.text.length + text.length >= MULTILINE_LIMIT) return false;
    if (this.#lines >= MULTILINE_LINES_LIMIT) return false;
    this.text += this.#lines === 0 || concat ? text : `\n${text}`;
    this.#lines += 1;
    return true;
  }

  /** Memory, octets. */
  get held(): number {
    const { target, messageId = '', refersTo = '', speaker = '', text } = this;
    const kept = target.length + messageId.length + refersTo.length + speaker.length + text.length;
    return this.#lines * LINE_HELD + 2 * kept;
  }
}

interface Batch {
  readonly history: boolean;
  readonly multiline: Multiline | undefined;
}

export class Batches {
  readonly #open = new Map<string, Batch>();

  /** False where too many are open. */
  open(ref: string, type: string, parent: string | undefined, multiline: Multiline): boolean {
    if (this.#open.size >= BATCHES_LIMIT || ref.length > 64) return false;
    if (multiline.target.length > NAME_LIMIT) return false;
    const kind = type.toLowerCase();
    const history = kind === 'chathistory' || kind === 'znc.in/playback' || this.isHistory(parent);
    const joins = kind === 'draft/multiline' || kind === 'multiline';
    this.#open.set(ref, { history, multiline: joins ? multiline : undefined });
    return true;
  }

  /** The message that the batch was, and whether it is an old one. */
  close(ref: string): Batch | undefined {
    const batch = this.#open.get(ref);
    this.#open.delete(ref);
    return batch;
  }

  /** Closes every batch; the messages they were so far. */
  closeAll(): Batch[] {
    const all = [...this.#open.values()];
    this.#open.clear();
    return all;
  }

  isHistory(ref: string | undefined): boolean {
    return ref !== undefined && this.#open.get(ref)?.history === true;
  }

  multiline(ref: string | undefined): Multiline | undefined {
    return ref === undefined ? undefined : this.#open.get(ref)?.multiline;
  }

  /** Stream offset of the first message under way, or -1. */
  openSince(): number {
    for (const { multiline } of this.#open.values()) if (multiline) return multiline.start;
    return -1;
  }

  held(): number {
    let octets = 0;
    for (const { multiline } of this.#open.values()) octets += BATCH_HELD + (multiline?.held ?? 0);
    return octets;
  }
}
