/**
 * Units of real AIM and ICQ conversations refused one at a time, in a bridge and by a proxy: what is
 * read of the changed stream is all that was read of the real one, but for what was refused.
 */
import { describe, expect, test } from 'vitest';
import type { Unit } from '../../parsers/contract.ts';
import { OSCAR } from '../../parsers/oscar/definition.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { needs } from '../support/need.ts';
import {
  type Ear,
  feed,
  flowContext,
  joined,
  neutralised,
  replaced,
  type Turn,
} from '../support/parser-harness.ts';
import { type Conversation, oscarCaptures, oscarOf } from './oscar-conversations.ts';

const need = needs({ corpus: true });
const CAPTURES = need.skip ? [] : oscarCaptures();
/** Units of one kind of event and direction that are refused in one connection. */
const SAMPLES = 2;

const FLAP_HEAD = 6;
const SNAC_HEAD = 10;

interface Sample {
  readonly event: ImEvent;
  readonly unit: Unit;
  readonly place: string;
}

const fresh = ({ context }: Conversation) => ({
  ...context,
  memory: new Map(context.memory as Map<string, unknown>),
});

function read(conversation: Conversation, turns = conversation.turns): Ear {
  return feed(OSCAR.create(flowContext(fresh(conversation))), turns);
}

/** `direction start` of the unit that each event was said of. */
const placesOf = ({ units }: Ear) => units.map(({ direction, start }) => `${direction} ${start}`);

/**
 * What the others say, and where. Left out is what only the refused unit had told, and later ones do
 * not repeat: the name of a file or a group; and whether a presence is news.
 */
function others(ear: Ear, refused: Sample, shift: (unit: Unit) => number): unknown[] {
  const places = placesOf(ear);
  return ear.events.flatMap((event, i) => {
    const unit = ear.units[i];
    if (unit === undefined || places[i] === refused.place) return [];
    if (event.kind === 'presence' && refused.event.kind === 'presence') return [];
    if (event.refersTo !== undefined && event.refersTo === refused.event.messageId) return [];
    const { account, contact, from, list, messageId, origin, reason, room, text, to } = event;
    const place = `${unit.direction} ${unit.start + shift(unit)} ${unit.end + shift(unit)}`;
    const file = event.file?.token;
    return [
      {
        kind: event.kind === 'file.decline' ? 'file.cancel' : event.kind,
        place,
        origin,
        account,
        from,
        to,
        contact,
        list,
        room,
        file,
        messageId,
        reason,
        text,
      },
    ];
  });
}

/** Units of which something is said that can be refused: some of each kind of event. */
function samples({ events, units }: Ear): Sample[] {
  const seen = new Map<string, number>();
  const found: Sample[] = [];
  for (const [i, unit] of units.entries()) {
    const event = events[i];
    if (event === undefined || unit.form < 0 || unit.end <= unit.start) continue;
    const kind = `${event.kind} ${event.origin}`;
    const before = seen.get(kind) ?? 0;
    seen.set(kind, before + 1);
    if (before < SAMPLES) found.push({ event, unit, place: `${unit.direction} ${unit.start}` });
  }
  return found;
}

/** The turns with `forward` in the place of the unit. */
function withReplaced(turns: readonly Turn[], unit: Unit, forward: Uint8Array): Turn[] {
  let at = 0;
  return turns.map((turn) => {
    if (turn.direction !== unit.direction) return turn;
    const begins = unit.start - at;
    const ends = unit.end - at;
    const { wire } = turn;
    at += wire.length;
    if (ends <= 0 || begins >= wire.length) return turn;
    const instead = begins >= 0 ? forward : new Uint8Array(0);
    const rest = wire.subarray(Math.min(ends, wire.length));
    return { ...turn, wire: joined(wire.subarray(0, Math.max(0, begins)), instead, rest) };
  });
}

describe.skipIf(need.skip)(`one unit refused: the others are read as before${need.why}`, () => {
  test.each(CAPTURES)('%s', async (capture) => {
    let refusals = 0;
    for (const conversation of (await oscarOf(capture)).conversations) {
      const { turns } = conversation;
      const ear = read(conversation);
      for (const sample of samples(ear)) {
        const { event, unit, place } = sample;
        const what = `${place} ${event.kind} refused`;
        const same = others(ear, sample, () => 0);
        const bridge = neutralised(OSCAR, turns, picked(ear, place), {
          context: fresh(conversation),
        });
        const left = read(conversation, bridge);
        expect(
          others(left, sample, () => 0),
          `${what} in a bridge`,
        ).toEqual(same);
        expect(placesOf(left), what).not.toContain(place);

        const [put] = replaced(OSCAR, turns, picked(ear, place), undefined, fresh(conversation));
        const forward = put?.replacement?.forward ?? new Uint8Array(0);
        expect(forward.length, what).toBe(FLAP_HEAD + SNAC_HEAD);
        const shorter = unit.end - unit.start - forward.length;
        const proxy = read(conversation, withReplaced(turns, unit, forward));
        const shift = ({ direction, start }: Unit) =>
          direction === unit.direction && start > unit.start ? shorter : 0;
        expect(others(proxy, sample, shift), `${what} by a proxy`).toEqual(same);
        refusals += 1;
      }
    }
    expect(refusals).toBeGreaterThan(5);
  });
});

/** Whether it is the turn of an event of the unit; events come in the order in which they were read. */
function picked(ear: Ear, place: string): () => boolean {
  const places = placesOf(ear);
  let next = 0;
  return () => places[next++] === place;
}
