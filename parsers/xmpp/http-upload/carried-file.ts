/**
 * The content of one file, in the body of one HTTP message.
 *
 *   file.start     its request
 *   file.complete  its last octet: size as counted, sha256 of what passed unless octets are missing (`gap`);
 *                  of a part (`partial`, status 206) size is offset + octets, and the hash that of the part
 *   file.cancel    it ended early (`incomplete`), or the answer was none of success (`status 404`)
 */
import { type FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import {
  type ContentFollower,
  Direction,
  type FlowContext,
  type ParserSink,
  type Unit,
} from '../../contract.ts';
import type { HttpHead } from '../../framing/http-head.ts';
import { XmppAnomaly } from '../anomalies.ts';
import { ContentCoding } from './content-coding.ts';
import { TEXT_LIMIT } from './http-upload-limits.ts';
import type { KnownFile } from './known-files.ts';
import type { Parties } from './parties.ts';

/** Octets of one beside what undoes its coding. */
const HELD = 512;

export class CarriedFile {
  readonly #context: FlowContext;
  readonly known: KnownFile;
  /** What the request asks for. */
  readonly target: string;
  readonly #parties: Parties;
  readonly #wasPassed: boolean;
  #follower: ContentFollower | undefined = undefined;
  #mime: string | undefined;
  #received = 0;
  #lost = 0;
  #offset = 0;
  #coding: ContentCoding | undefined = undefined;
  /** Why these octets are not the file as it is. */
  #altered: string | undefined = undefined;
  #open = false;

  constructor(context: FlowContext, file: KnownFile, parties: Parties, target: string) {
    this.target = target;
    this.#context = context;
    this.known = file;
    this.#parties = parties;
    this.#wasPassed = file.passed;
    this.#mime = parties.told.mime;
  }

  /** The side whose octets are the content. */
  get content(): Direction {
    return this.#parties.content;
  }

  /** Said, and not ended. */
  get open(): boolean {
    return this.#open;
  }

  /** Memory, octets. */
  get held(): number {
    return HELD + 2 * this.target.length + (this.#coding?.held ?? 0);
  }

  start(sink: ParserSink, unit: Unit): void {
    this.#open = true;
    this.#follower = this.#context.follow();
    this.#say(sink, unit, 'file.start', this.#parties.told.size);
  }

  /** What the head of the message that carries it says of the content. */
  describe(head: HttpHead): void {
    const { fields, status } = head;
    const type = fields.value('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
    if (type !== undefined && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type)) {
      this.#mime ??= type.slice(0, TEXT_LIMIT);
    }
    const coding = fields.value('content-encoding')?.trim().toLowerCase() ?? '';
    // What is brought is kept by servers as it is.
    const isUndone = coding !== '' && coding !== 'identity' && this.content === Direction.ToClient;
    if (isUndone) this.#coding = new ContentCoding(coding);
    if (status !== 206) return;
    const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(
      fields.value('content-range') ?? '',
    );
    const [from, last, size] = (range ?? []).slice(1).map(Number);
    if (from === 0 && last !== undefined && last + 1 === size) return;
    this.#offset = from ?? 0;
    this.#altered = 'partial';
  }

  write(octets: Uint8Array): void {
    if (this.#coding === undefined) this.#take(octets);
    else {
      this.#coding.push(octets, (plain) => this.#take(plain));
      if (this.#coding.broken) this.#altered = 'encoded';
    }
  }

  lost(octets: number): void {
    this.#received += octets;
    this.#lost += octets;
    this.#drop();
    if (this.#coding !== undefined) this.#altered = 'encoded';
  }

  /** The message that carries it has ended. */
  end(sink: ParserSink, unit: Unit, whole: boolean): void {
    const { size } = this.#parties.told;
    const received = this.#offset + this.#received;
    if (!whole && (this.#lost === 0 || (size !== undefined && received < size))) {
      this.cancel(sink, unit, 'incomplete');
      return;
    }
    this.#open = false;
    const differs = this.#altered === undefined && size !== undefined && size !== received;
    if (differs) sink.anomaly(XmppAnomaly.SizeMismatch, unit.direction);
    // Half of what was inflated is no content.
    if (this.#altered === 'encoded' && this.#coding?.held !== 0) this.#drop();
    const hash = this.#follower?.finish();
    this.#follower = undefined;
    if (this.#lost === 0 && this.#altered === undefined) this.known.passed = true;
    const reason = this.#lost > 0 ? 'gap' : this.#altered;
    const anomalies = differs ? [XmppAnomaly.SizeMismatch] : undefined;
    this.#say(sink, unit, 'file.complete', received, { reason, sha256: hash, anomalies });
  }

  cancel(sink: ParserSink, unit: Unit, reason: string): void {
    this.#open = false;
    this.#drop();
    this.#say(sink, unit, 'file.cancel', this.#offset + this.#received, { reason });
  }

  #take(octets: Uint8Array): void {
    this.#received += octets.length;
    this.#follower?.write(octets);
  }

  #drop(): void {
    this.#follower?.discard();
    this.#follower = undefined;
  }

  #say(
    sink: ParserSink,
    unit: Unit,
    kind: EventKind,
    size: number | undefined,
    more: {
      readonly reason?: string | undefined;
      readonly sha256?: string | undefined;
      readonly anomalies?: string[] | undefined;
    } = {},
  ): void {
    const { told, account, recipient, content } = this.#parties;
    const event = new ImEvent(kind);
    event.service = told.service;
    event.protocol = 'http-upload';
    event.origin = content === Direction.ToServer ? 'client' : 'server';
    event.account = account;
    event.from = told.sender;
    event.fromResource = told.senderResource;
    if (recipient !== undefined) event.to = [recipient];
    event.room = told.room;
    event.route = told.route;
    event.reason = more.reason;
    event.anomalies = more.anomalies;
    if (this.#wasPassed) event.copy = 'carbon';
    event.file = this.#reference(size, more.sha256);
    sink.event(event, unit);
  }

  #reference(size: number | undefined, sha256: string | undefined): FileReference {
    const { name, method, token } = this.#parties.told;
    const { serverAddress, serverPort } = this.#context;
    const host = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    const file: FileReference = { name, size, mime: this.#mime, sha256, method, token };
    file.url = this.known.url;
    if (serverAddress !== '') file.endpoint = `${host}:${serverPort}`;
    if (this.#offset > 0) file.offset = this.#offset;
    return file;
  }
}
