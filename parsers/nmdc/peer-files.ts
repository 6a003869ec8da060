/**
 * Files between two peers, NMDC or ADC: one asks, the other grants, content follows.
 *
 *   file.offer     the request: what the sender has is asked for; `from` is who has it
 *   file.accept    the sender grants it, with its size
 *   file.start     the first octet of content (or none is to come)
 *   file.complete  all of it passed: size = where the part ends, sha256 of what passed
 *   file.decline   the sender refuses: no place, no such file
 *   file.cancel    the stream ended early, octets are lost in compression, or somebody gave up
 *
 * `origin` is that of who has the file, in all of them: the account's own files are the client's.
 * Hash trees (`tthl`) are no files: their content is passed over.
 */

import { boundedCopy } from '../../src/bytes/text.ts';
import type { FileReference } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { Direction } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { Content, Taken } from './content.ts';
import { type DcFlow, other } from './dc-flow.ts';
import { FILE_NAME_LIMIT } from './nmdc-limits.ts';

/** What is asked for. */
export interface Wanted {
  readonly name: string;
  readonly token: string | undefined;
  /** Octets before the part that is asked for. */
  readonly offset: number;
  /** Octets asked for; undefined: up to the end. */
  readonly size: number | undefined;
  /** A file or a list of files; a hash tree is none. */
  readonly isFile: boolean;
  /** As one zlib stream. */
  readonly compressed: boolean;
}

interface Asked extends Wanted {
  granted: boolean;
}

const ASKED_HELD = 512;

/** Field by field: a spread costs ten times as much, and requests may be many. */
function remembered(wanted: Wanted, size: number | undefined, granted: boolean): Asked {
  const { name, token, offset, isFile, compressed } = wanted;
  const kept = boundedCopy(name, FILE_NAME_LIMIT);
  return { name: kept, token, offset, size, isFile, compressed, granted };
}

export class PeerFiles {
  readonly #flow: DcFlow;
  /** Who speaks in a direction. */
  readonly nicks: [string | undefined, string | undefined] = [undefined, undefined];
  /** By who asks. */
  readonly #asked: [Asked | undefined, Asked | undefined] = [undefined, undefined];
  /** By who sends. */
  readonly #contents: [Content | undefined, Content | undefined] = [undefined, undefined];
  readonly #started: [boolean, boolean] = [false, false];
  /** Octets of compressed contents. */
  readonly #inflated = { in: 0, out: 0 };

  constructor(flow: DcFlow) {
    this.#flow = flow;
  }

  /** Content is to come, or under way, in the direction. */
  isContent(direction: Direction): boolean {
    return this.#contents[direction] !== undefined;
  }

  /** The party that speaks now asks for a file. */
  ask(wanted: Wanted): void {
    const { direction } = this.#flow;
    this.#asked[direction] = remembered(wanted, wanted.size, false);
    if (wanted.isFile) this.#say('file.offer', other(direction), wanted, wanted.size);
  }

  /** The file that the party that speaks now was asked for and has not granted. */
  get request(): Wanted | undefined {
    return this.#asked[other(this.#flow.direction)];
  }

  /** The party that speaks now grants what was asked for; content follows at once or, later, on `go`. */
  grant(granted: Wanted, size: number, follows: boolean): void {
    const { direction } = this.#flow;
    const asked = this.#asked[other(direction)];
    if (asked === undefined && !this.#flow.context.midstream)
      this.#flow.anomaly(Anomaly.Unrequested);
    // What is granted is what comes, whatever was asked for.
    const what = remembered(granted, size, true);
    this.#asked[other(direction)] = what;
    if (what.isFile)
      this.#say('file.accept', direction, what, what.offset + size, follows ? -1 : 0);
    if (follows) this.#open(direction, size, what.compressed);
  }

  /** The party that speaks now says: send. */
  go(size: number | undefined): void {
    const sender = other(this.#flow.direction);
    const asked = this.#asked[this.#flow.direction];
    if (asked === undefined || !asked.granted) this.#flow.anomaly(Anomaly.Unrequested);
    else this.#open(sender, size ?? asked.size ?? 0, false);
  }

  /** The party that speaks now refuses what it was asked for. */
  refuse(reason: string | undefined): void {
    const { direction } = this.#flow;
    const asked = this.#asked[other(direction)];
    if (asked === undefined || this.isContent(direction)) return;
    this.#asked[other(direction)] = undefined;
    if (asked.isFile) this.#say('file.decline', direction, asked, undefined, 0, reason);
  }

  /** The party that speaks now no longer wants what it asked for. */
  giveUp(): void {
    const { direction } = this.#flow;
    const asked = this.#asked[direction];
    this.#asked[direction] = undefined;
    if (asked?.isFile) this.#say('file.cancel', other(direction), asked, undefined);
  }

  /** Octets of content from octets[at]; returns where reading goes on, -1 where that is not known. */
  push(octets: Uint8Array, at: number, offset: number): number {
    const flow = this.#flow;
    const { direction } = flow;
    const content = this.#contents[direction];
    if (content === undefined) return at;
    this.#start(direction, content, offset);
    const state = content.push(octets, at);
    if (state === Taken.More) return at + content.used;
    flow.begin(at, offset, offset + content.used);
    if (state === Taken.Whole) this.#complete(direction, content);
    else {
      flow.anomaly(state === Taken.Wrong ? Anomaly.SizeMismatch : Anomaly.BadCompression);
      this.#cancel(direction, content, state === Taken.Wrong ? 'incomplete' : 'undecodable');
    }
    return state === Taken.Broken ? -1 : at + content.used;
  }

  /** Octets of content are missing; returns those that were none of it, -1 where that is not known. */
  gap(octets: number, offset: number): number {
    const flow = this.#flow;
    const { direction } = flow;
    const content = this.#contents[direction];
    if (content === undefined) return octets;
    this.#start(direction, content, offset);
    const left = content.gap(octets);
    flow.begin(0, offset, offset + octets - Math.max(0, left));
    if (left === -1) this.#cancel(direction, content, 'gap');
    else if (content.received === content.size) this.#complete(direction, content);
    return left;
  }

  /** The stream of the direction ended. */
  end(direction: Direction, offset: number): void {
    const content = this.#contents[direction];
    if (content === undefined) return;
    this.#start(direction, content, offset);
    this.#flow.begin(0, offset, offset);
    this.#cancel(direction, content, 'incomplete');
  }

  held(): number {
    let octets = 0;
    for (const asked of this.#asked) {
      if (asked !== undefined) octets += ASKED_HELD + 2 * asked.name.length;
    }
    for (const content of this.#contents) octets += content?.held() ?? 0;
    for (const nick of this.nicks) octets += 2 * (nick?.length ?? 0);
    return octets;
  }

  #open(sender: Direction, size: number, compressed: boolean): void {
    const { context } = this.#flow;
    const asked = this.#asked[other(sender)];
    const content = new Content(
      size,
      compressed ? this.#inflated : undefined,
      asked?.isFile ? context.follow() : undefined,
    );
    this.#contents[sender] = content;
    this.#started[sender] = false;
    if (size > 0 || compressed) return;
    this.#start(sender, content, this.#flow.from);
    this.#complete(sender, content);
  }

  #start(sender: Direction, { size }: Content, offset: number): void {
    if (this.#started[sender]) return;
    this.#started[sender] = true;
    const asked = this.#asked[other(sender)];
    if (!asked?.isFile) return;
    this.#flow.begin(0, offset, -1);
    this.#say('file.start', sender, asked, asked.offset + size, -1);
  }

  #complete(sender: Direction, content: Content): void {
    const asked = this.#asked[other(sender)];
    this.#forget(sender);
    if (!asked?.isFile) return;
    const sha256 = content.hash();
    const size = asked.offset + content.received;
    this.#say(
      'file.complete',
      sender,
      asked,
      size,
      -1,
      content.lost > 0 ? 'gap' : undefined,
      sha256,
    );
  }

  #cancel(sender: Direction, content: Content, reason: string): void {
    const asked = this.#asked[other(sender)];
    this.#forget(sender);
    content.discard();
    if (!asked?.isFile) return;
    this.#say('file.cancel', sender, asked, asked.offset + content.received, -1, reason);
  }

  #forget(sender: Direction): void {
    this.#contents[sender] = undefined;
    this.#asked[other(sender)] = undefined;
  }

  #say(
    kind: EventKind,
    sender: Direction,
    what: Wanted,
    size: number | undefined,
    form = 0,
    reason?: string,
    sha256?: string,
  ): void {
    const flow = this.#flow;
    const event = flow.make(kind, sender);
    event.from = this.nicks[sender];
    const to = this.nicks[other(sender)];
    if (to !== undefined) event.to = [to];
    event.route = 'direct';
    const file: FileReference = { name: what.name, size, method: 'nmdc', token: what.token };
    if (what.offset > 0) file.offset = what.offset;
    if (sha256 !== undefined) file.sha256 = sha256;
    event.file = file;
    event.reason = reason;
    flow.say(event, -1, -1, form);
  }
}
