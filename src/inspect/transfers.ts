/** The transfers of one session: content that is followed, and those that were refused. Made when the first one comes. */
import type { TransferOffer, Unit } from '../../parsers/contract.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { EventKind } from '../event/kinds.ts';
import { REFUSALS } from '../verdict/refusals.ts';
import type { ContentSink } from './content/content-sink.ts';
import { FollowedContent } from './content/followed-content.ts';

const OFFERS: ReadonlySet<EventKind> = new Set(['file.offer', 'call.offer']);
const REMEMBERED = 64; // refused transfers of one flow; the oldest goes first

export class Transfers {
  /** Under way. */
  readonly #contents = new Set<FollowedContent>();
  /** The content whose file.complete is being said. */
  #finished: FollowedContent | undefined = undefined;
  /**
   * Speaker and token of the transfers that were refused, with the place of the unit: where they would come may
   * be said later.
   */
  readonly #refused = new Map<string, string>();

  /** Content that the parser follows; `sink` keeps it, where there is one. */
  follow(sink: ContentSink | undefined): FollowedContent {
    const content = new FollowedContent(
      sink?.open(),
      (finished) => {
        this.#finished = finished;
      },
      (over) => {
        this.#contents.delete(over);
      },
    );
    this.#contents.add(content);
    return content;
  }

  /** The content that this event completes: finished just before it. */
  takeFinished(event: ImEvent): FollowedContent | undefined {
    const finished = this.#finished;
    this.#finished = undefined;
    if (finished === undefined || event.kind === 'file.complete') return finished;
    finished.discard();
    return undefined;
  }

  /** Those that are under way are not followed to their end. */
  forget(): void {
    for (const content of this.#contents) content.discard();
  }

  decided(event: ImEvent, token: string, verdict: VerdictRecord, unit: Unit): void {
    const transfer = `${event.from} ${token}`;
    const place = `${unit.direction} ${unit.start}`;
    const refused = this.#refused;
    if (verdict.enforced && REFUSALS.has(verdict.action)) {
      refused.set(transfer, place);
      const [oldest] = refused.keys();
      if (refused.size > REMEMBERED && oldest !== undefined) refused.delete(oldest);
    }
    // Tokens come again (a port of DCC): the newest offer counts, but a unit is refused as a whole.
    else if (OFFERS.has(event.kind) && refused.get(transfer) !== place) refused.delete(transfer);
  }

  /** Who asks for a file, or takes it, may be who was refused. */
  isRefused({ sender, recipient, token }: TransferOffer): boolean {
    if (token === undefined) return false;
    const refused = this.#refused;
    return refused.has(`${sender} ${token}`) || refused.has(`${recipient} ${token}`);
  }
}
