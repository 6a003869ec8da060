/**
 * YMSG, both directions of one TCP flow: a session with the server, or two clients that talk without it
 * (port 5101; the same packets). The ancestors (YHOO, YPNS) and the web chat (YCHT) are only named.
 */
import { ImEvent } from '../../src/event/event.ts';
import type {
  Direction,
  FlowContext,
  FlowParser,
  ParserSink,
  Replacement,
  Unit,
} from '../contract.ts';
import { Status } from '../contract.ts';
import { Pager } from './pager.ts';
import { replacementFor } from './replacement.ts';

const Y = 0x59;
/** By the second octet of the first word. */
const ANCESTORS: ReadonlyMap<number, string> = new Map([
  [0x48, 'YHOO'],
  [0x50, 'YPNS'],
  [0x43, 'YCHT'],
]);
/** What is known of a direction's first word. */
const Word = { None: 0, Y: 1, Known: 2 } as const;
type Word = (typeof Word)[keyof typeof Word];

export class YmsgParser implements FlowParser {
  readonly #pager: Pager;
  readonly #words: [Word, Word] = [Word.None, Word.None];

  constructor(context: FlowContext) {
    this.#pager = new Pager(context);
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const ancestor = this.#ancestor(direction, octets);
    if (ancestor !== undefined) {
      const { flow } = this.#pager;
      flow.direction = direction;
      flow.sink = sink;
      const event = new ImEvent('app.unknown');
      event.service = 'yahoo';
      event.protocol = 'ymsg';
      event.reason = `version ${ancestor}`;
      flow.sayAt(event, 0);
      flow.rest();
      return Status.Lost;
    }
    this.#pager.push(direction, octets, sink);
    return Status.More;
  }

  gap(direction: Direction, octets: number, _sink: ParserSink): Status {
    this.#words[direction] = Word.Known;
    this.#pager.gap(direction, octets);
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    this.#pager.end(direction, sink);
  }

  holdFrom(direction: Direction): number {
    return this.#pager.pending(direction);
  }

  held(): number {
    return this.#pager.held();
  }

  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    return replacementFor(this.#pager.flow, event, unit, notice);
  }

  #ancestor(direction: Direction, octets: Uint8Array): string | undefined {
    const word = this.#words[direction];
    if (word === Word.Known || octets.length === 0) return undefined;
    const first = word === Word.Y ? Y : octets[0];
    const second = octets[word === Word.Y ? 0 : 1];
    if (first === Y && second === undefined) {
      this.#words[direction] = Word.Y;
      return undefined;
    }
    this.#words[direction] = Word.Known;
    return first === Y ? ANCESTORS.get(second ?? 0) : undefined;
  }
}
