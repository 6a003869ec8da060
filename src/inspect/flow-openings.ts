/**
 * Opens the session of a flow by what tells whose it is: its content, an announcement, its server's address, or that
 * its like was refused before.
 */
import type { Direction } from '../../parsers/contract.ts';
import { Disposition } from '../flow/disposition.ts';
import type { FlowTable } from '../flow/table.ts';
import type { AnnouncedFlows } from './announced-flows.ts';
import type { Look } from './candidates.ts';
import { transportName } from './flow-ends.ts';
import type { Found, Identification } from './identification.ts';
import type { InsideFlows } from './inside-flows.ts';
import type { RecognisedFlows } from './recognised-flows.ts';
import type { Recognition } from './recognition.ts';
import type { Session } from './session.ts';
import type { SessionEnds } from './session-ends.ts';
import type { SessionFeed } from './session-feed.ts';
import type { SessionStarts } from './session-starts.ts';
import { UNREAD } from './unread.ts';

export interface FlowOpeningsParts {
  readonly table: FlowTable;
  readonly identification: Identification;
  readonly announced: AnnouncedFlows;
  readonly inside: InsideFlows;
  readonly recognition: Recognition;
  readonly recognised: RecognisedFlows;
  readonly starts: SessionStarts;
  readonly ends: SessionEnds;
  readonly feed: SessionFeed;
  readonly now: () => number;
}

export class FlowOpenings {
  readonly #parts: FlowOpeningsParts;

  constructor(parts: FlowOpeningsParts) {
    this.#parts = parts;
  }

  /** A probe is certain. */
  byContent(
    slot: number,
    { definition, flipped, midstream, missed, replay }: Found,
    direction?: Direction,
    octets?: Uint8Array,
  ): void {
    const { announced, inside, starts, feed } = this.#parts;
    const connection = announced.takeFor(slot, definition);
    const before = inside.get(slot)?.before;
    const session = starts.start(slot, definition, flipped, midstream, connection, before);
    if (session === undefined) return;
    for (const direction of [0, 1] as const) {
      if (missed[direction] > 0) session.gap(direction, missed[direction], 'loss');
    }
    feed.replay(slot, replay, direction, octets);
  }

  /** An offer announced it: opened with all that was kept of the flow; false where none did. */
  byAnnouncement(
    slot: number,
    direction?: Direction,
    octets?: Uint8Array,
    kept?: Found | typeof Look.LetGo,
  ): boolean {
    const { announced, identification, starts, feed } = this.#parts;
    const taken = announced.take(slot);
    if (taken === undefined) return false;
    const { connection, definition } = taken;
    const replay = typeof kept === 'object' ? kept.replay : identification.takeKept(slot);
    if (starts.start(slot, definition, false, false, connection) === undefined) return false;
    feed.replay(slot, replay, direction, octets);
    return true;
  }

  /** Nobody knows its protocol: its server's address may tell the service. */
  byAddress(slot: number, direction: Direction, octets: Uint8Array): boolean {
    const { recognition, identification, feed, now } = this.#parts;
    if (recognition.byPlace(slot, false, now()) === undefined) return false;
    identification.forget(slot);
    if (this.#startUnread(slot) !== undefined) feed.deliver(slot, direction, octets);
    return true;
  }

  /** It goes to a server of a refused service, which a rule had learned; false where it is not refused now. */
  byRefusal(slot: number): boolean {
    const { table, recognition, recognised, ends, now } = this.#parts;
    const learned = recognition.learned(slot, now());
    if (learned === undefined) return false;
    const session = this.#startUnread(slot);
    if (session === undefined) return false;
    if (!recognised.refuse(learned, session)) {
      ends.dismiss(slot, session);
      table.setDisposition(slot, Disposition.Undecided);
      return false;
    }
    table.setDisposition(slot, Disposition.Opaque);
    ends.keepToTellItsEnd(slot);
    return true;
  }

  #startUnread(slot: number): Session | undefined {
    const { table, starts } = this.#parts;
    return starts.start(slot, UNREAD[transportName(table, slot)], false, false, undefined);
  }
}
