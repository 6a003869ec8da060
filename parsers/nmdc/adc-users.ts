/** Who is at an ADC hub: by SID, four letters that the hub gives for the session. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { named } from './adc-line.ts';
import { NAME_LIMIT, USERS_LIMIT, USERS_TEXT_LIMIT } from './nmdc-limits.ts';

export interface AdcUser {
  nick: string | undefined;
  status: string | undefined;
  state: string;
  cid: string | undefined;
  address: string | undefined;
}

const ENTRY_HELD = 256;
const SID = 4; // characters
const STATES: Readonly<Record<string, string>> = { '1': 'away', '2': 'xa' };

export class AdcUsers {
  readonly #users = new Map<string, AdcUser>();
  #text = 0;

  get(sid: string): AdcUser | undefined {
    return this.#users.get(sid);
  }

  nick(sid: string): string | undefined {
    return this.#users.get(sid)?.nick;
  }

  /** What INF says of somebody: named parameters that changed. The user before and after it. */
  learn(sid: string, words: readonly string[]): { before: AdcUser | undefined; now: AdcUser } {
    const before = this.#users.get(sid.slice(0, SID));
    const now = copyOf(before ?? NOBODY);
    for (const word of words) {
      const value = boundedCopy(word.slice(2), NAME_LIMIT) || undefined;
      const name = word.slice(0, 2);
      if (name === 'NI') now.nick = value;
      else if (name === 'DE') now.status = value;
      else if (name === 'ID') now.cid = value;
      else if (name === 'I4' || name === 'I6') now.address = value ?? now.address;
      else if (name === 'AW') now.state = STATES[value ?? ''] ?? 'available';
    }
    this.forget(sid);
    this.#users.set(sid.slice(0, SID), now);
    this.#text += lengthOf(now);
    for (const oldest of this.#users.keys()) {
      if (this.#users.size <= USERS_LIMIT && this.#text <= USERS_TEXT_LIMIT) break;
      this.forget(oldest);
    }
    return { before, now };
  }

  forget(sid: string): void {
    const key = sid.slice(0, SID);
    const user = this.#users.get(key);
    if (user === undefined) return;
    this.#users.delete(key);
    this.#text -= lengthOf(user);
  }

  /** Memory, octets. */
  held(): number {
    return this.#users.size * ENTRY_HELD + 2 * this.#text;
  }
}

/** Field by field: a spread costs ten times as much. */
function copyOf({ nick, status, state, cid, address }: AdcUser): AdcUser {
  return { nick, status, state, cid, address };
}

const NOBODY: AdcUser = {
  nick: undefined,
  status: undefined,
  state: 'available',
  cid: undefined,
  address: undefined,
};

function lengthOf({ nick = '', status = '', cid = '', address = '' }: AdcUser): number {
  return nick.length + status.length + cid.length + address.length;
}

/** The numeric address that somebody named; `0.0.0.0` asks the hub to fill it in. */
export function addressOf(words: readonly string[]): string | undefined {
  const address = named(words, 'I4') ?? named(words, 'I6');
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}
