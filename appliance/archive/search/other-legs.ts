/**
 * What is done in a room is seen on its way to the server and by everybody there: the same deed on another connection,
 * or in the other direction, within a moment is not shown again. Of messages the record itself says which are repeats (record/repeats.ts).
 */
import { isObject } from '../record/split-content.ts';
import type { OpenedRecord } from './open-record.ts';

const MOMENT = 5e6; // µs
const REMEMBERED = 256;

export class OtherLegs {
  readonly #seen = new Map<string, { readonly time: number; readonly way: string }>();

  isOther({ time, event }: OpenedRecord): boolean {
    const { kind, flow, from, account, text, subject, contact, status, reason, file } = event;
    if (typeof kind !== 'string' || !/^(room|presence|file)/.test(kind) || !isObject(flow)) {
      return false;
    }
    const room = event.room;
    const who = from ?? account;
    const said = [text, subject, contact, status, reason, file, event.state, event.verdict];
    const way = `${flow.id} ${event.origin}`;
    const key = JSON.stringify([kind, room, who, ...said]);
    const before = this.#seen.get(key);
    if (before !== undefined && before.way !== way && time - before.time <= MOMENT) return true;
    if (this.#seen.size >= REMEMBERED) this.#seen.clear();
    this.#seen.set(key, { time, way });
    return false;
  }
}
