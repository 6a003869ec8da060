/**
 * SEND (RFC 4975 §7.1): a chunk of a message, which is a text (or what else is read as a whole), or of a
 * file, if the session is for one or the type is no text.
 */
import { mediaType } from '../framing/media-type.ts';
import { MsrpAnomaly } from './anomalies.ts';
import { type ByteRange, byteRange } from './byte-range.ts';
import { FileTransfer } from './file-transfer.ts';
import { kept, type MsrpFlow } from './msrp-flow.ts';
import { Flag } from './msrp-framer.ts';
import type { MsrpHead } from './msrp-head.ts';
import { MESSAGE_LIMIT, MESSAGES_LIMIT } from './msrp-limits.ts';
import type { Parties } from './parties.ts';
import { putChunk, sayText, type Text, Texts, textHead } from './texts.ts';

const TEXT = /^(?:$|text\/|message\/|multipart\/|application\/(?:.*\+xml|sdp|pkcs7-mime))/;

/** The messages of one direction that are under way. */
export class Sends {
  readonly #flow: MsrpFlow;
  readonly #texts: Texts;
  readonly #files = new Map<string, FileTransfer>();
  /** Of the chunk that streams. */
  #file: FileTransfer | undefined = undefined;
  #text: Text | undefined = undefined;
  #key = '';
  #range: ByteRange = byteRange(undefined);

  constructor(flow: MsrpFlow) {
    this.#flow = flow;
    this.#texts = new Texts(flow);
  }

  held(): number {
    let octets = this.#texts.held();
    for (const [key, file] of this.#files) octets += 2 * key.length + file.held();
    return octets;
  }

  /** A file that was judged and passed streams; all else comes whole. */
  streams(head: MsrpHead): boolean {
    const file = this.#files.get(keyOf(head));
    return file !== undefined && !file.refused;
  }

  /** A whole chunk: its body at head.buffer[head.bodyStart, bodyEnd). `from` is its stream offset. */
  chunk(head: MsrpHead, bodyEnd: number, flag: number, from: number): void {
    const key = keyOf(head);
    const range = this.#rangeOf(head);
    const body = head.buffer.subarray(head.bodyStart, bodyEnd);
    this.#expectAnswer(head, key);
    if (flag === Flag.Abort) {
      this.#abort(key);
      return;
    }
    const parties = this.#flow.parties(head);
    if (!this.#files.has(key) && this.#isText(head, key, parties)) {
      this.#textChunk(head, key, range, body, flag, from, parties);
      return;
    }
    if (body.length === 0 && !this.#files.has(key)) {
      // An empty SEND binds the session to the connection (§5.4); an empty file is complete at once.
      if (parties.session?.file?.size !== 0 || flag !== Flag.Last) return;
    }
    const file = this.#fileChunk(head, key, range, parties);
    if (file === undefined) return;
    file.write(body);
    if (flag === Flag.Last) this.#finishFile(key, file);
  }

  /** A chunk whose body will stream. */
  begin(head: MsrpHead): void {
    const key = keyOf(head);
    this.#key = key;
    this.#range = this.#rangeOf(head);
    this.#expectAnswer(head, key);
    const parties = this.#flow.parties(head);
    if (!this.#files.has(key) && this.#isText(head, key, parties)) {
      this.#text = this.#texts.get(key) ?? this.#texts.open(key, textHead(head, parties));
      this.#text.at = this.#range.from;
      return;
    }
    this.#file = this.#fileChunk(head, key, this.#range, parties);
  }

  content(octets: Uint8Array): void {
    this.#file?.write(octets);
    const text = this.#text;
    if (text === undefined) return;
    if (text.at < MESSAGE_LIMIT) {
      putChunk(this.#flow, text, { ...this.#range, from: text.at }, octets);
    }
    text.at += octets.length;
  }

  finish(flag: number): void {
    const file = this.#file;
    const text = this.#text;
    this.#file = undefined;
    this.#text = undefined;
    if (flag === Flag.Abort) this.#abort(this.#key);
    else if (flag === Flag.Last && file !== undefined) this.#finishFile(this.#key, file);
    else if (flag === Flag.Last && text !== undefined) {
      text.last = true;
      this.#finishText(this.#key, text, -1);
    }
  }

  /** Octets were lost: in a chunk that streamed, and perhaps whole chunks. */
  gap(): void {
    for (const file of this.#files.values()) file.lost();
    this.#file = undefined;
    this.#text = undefined;
  }

  /** The receiver does not want it. */
  refusedBy(key: string, reason: string): void {
    this.#files.get(key)?.cancel(reason);
    this.#files.delete(key);
  }

  /** The stream is over. */
  end(): void {
    this.#texts.giveUp();
    for (const file of this.#files.values()) file.cancel('incomplete');
    this.#files.clear();
  }

  #isText(head: MsrpHead, key: string, { session }: Parties): boolean {
    if (this.#texts.get(key) !== undefined) return true;
    const { type } = mediaType(head.headers.value('content-type'));
    if (session?.file !== undefined && type !== 'application/im-iscomposing+xml') return false;
    return TEXT.test(type);
  }

  #textChunk(
    head: MsrpHead,
    key: string,
    range: ByteRange,
    body: Uint8Array,
    flag: number,
    from: number,
    parties: Parties,
  ): void {
    const known = this.#texts.get(key);
    const isWhole = flag === Flag.Last && range.from === 0 && known === undefined;
    if (isWhole && (range.total === undefined || range.total === body.length)) {
      if (body.length === 0) return;
      const end = head.bodyStart + body.length;
      const shift = from - head.start;
      sayText(this.#flow, textHead(head, parties), head.buffer, head.bodyStart, end, shift);
      return;
    }
    if (body.length === 0 && known === undefined) return;
    this.#flow.chunksBefore = known !== undefined;
    const text = known ?? this.#texts.open(key, textHead(head, parties));
    putChunk(this.#flow, text, range, body);
    if (flag === Flag.Last) text.last = true;
    this.#finishText(key, text, -1);
  }

  #finishText(key: string, text: Text, shift: number): void {
    if (!text.isWhole) return;
    this.#texts.delete(key);
    const { octets, head } = text;
    if (octets.truncated) this.#flow.anomaly(MsrpAnomaly.Truncated);
    if (octets.length > 0) sayText(this.#flow, head, octets.buffer, 0, octets.length, shift);
  }

  #fileChunk(
    head: MsrpHead,
    key: string,
    range: ByteRange,
    parties: Parties,
  ): FileTransfer | undefined {
    const known = this.#files.get(key);
    if (known !== undefined) {
      known.start(range, false);
      return known;
    }
    if (parties.session?.ended === true) return undefined; // given up before
    const [oldest] = this.#files.keys();
    if (oldest !== undefined && this.#files.size >= MESSAGES_LIMIT) {
      this.#flow.anomaly(MsrpAnomaly.TableFull);
      this.#files.get(oldest)?.cancel('too many transfers');
      this.#files.delete(oldest);
    }
    const { type } = mediaType(head.headers.value('content-type'));
    const disposition = mediaType(head.headers.value('content-disposition'));
    const name = disposition.parameters.get('filename');
    const offered = parties.session?.file;
    const file = new FileTransfer(
      this.#flow,
      parties,
      offered,
      type === '' ? undefined : kept(type),
      name === undefined || name === '' ? undefined : kept(name),
    );
    this.#files.set(key, file);
    file.start(range, true);
    return file;
  }

  #finishFile(key: string, file: FileTransfer): void {
    this.#files.delete(key);
    if (!file.refused) file.complete();
  }

  #abort(key: string): void {
    this.#texts.delete(key);
    this.#files.get(key)?.cancel('aborted');
    this.#files.delete(key);
  }

  #rangeOf(head: MsrpHead): ByteRange {
    const range = byteRange(head.headers.value('byte-range'));
    if (range.bad) this.#flow.anomaly(MsrpAnomaly.BadRange);
    return range;
  }

  #expectAnswer(head: MsrpHead, key: string): void {
    const { transactions, direction } = this.#flow;
    const messageId = head.headers.value('message-id');
    const isFile = this.#files.has(key) || this.#flow.parties(head).session?.file !== undefined;
    transactions.set(`${direction} ${head.id}`, {
      messageId: messageId === undefined ? undefined : kept(messageId),
      file: isFile ? key : undefined,
    });
  }
}

/** A message is named by its session and Message-ID (§7.1.1). */
function keyOf(head: MsrpHead): string {
  const messageId = head.headers.value('message-id') ?? head.id;
  return kept(`${head.path('from-path').at(-1) ?? ''} ${messageId}`);
}
