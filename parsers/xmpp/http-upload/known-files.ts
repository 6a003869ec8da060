/**
 * What the streams and the HTTP connections know of the same file, in the family's memory:
 *
 *   get <address> <port> <target>   a file that is fetched there: by whom it was told to whom
 *   put <address> <port> <target>   the same file, where a slot says it is brought to
 *   at <address> <port>             connections of others since the last one that was for a file
 */
import type { TransferMethod } from '../../../src/event/event.ts';
import type { SharedMemory } from '../../contract.ts';
import type { HttpPlace } from './http-place.ts';
import { STRANGERS_LIMIT, TOLD_LIMIT } from './http-upload-limits.ts';

/** One offer of a file: the message with its URL, or the request for its slot. */
export interface ToldFile {
  readonly service: string;
  readonly sender: string | undefined;
  readonly senderResource: string | undefined;
  readonly recipient: string | undefined;
  readonly room: string | undefined;
  readonly route: 'direct' | 'room' | 'service' | undefined;
  /** Whose connection to their server told it, and from which address; undefined where not seen. */
  readonly teller: string | undefined;
  readonly tellerAddress: string | undefined;
  readonly reader: string | undefined;
  readonly readerAddress: string | undefined;
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly mime: string | undefined;
  readonly token: string | undefined;
  readonly method: TransferMethod | undefined;
  /** What told it was refused. */
  readonly refused: boolean;
}

export interface KnownFile {
  /** As it was told first. */
  readonly url: string | undefined;
  readonly upload: ToldFile | undefined;
  /** The newest last. */
  told: readonly ToldFile[];
  /** Its content has passed whole: what passes again is a copy. */
  passed: boolean;
}

type Endpoint = Pick<HttpPlace, 'address' | 'port'>;

export class KnownFiles {
  readonly #memory: SharedMemory;

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  /** A slot: either place is undefined where it is not read (https). */
  tellSlot(
    put: HttpPlace | undefined,
    get: HttpPlace | undefined,
    url: string | undefined,
    upload: ToldFile,
  ): void {
    const file: KnownFile = { url, upload, told: [], passed: false };
    for (const [way, place] of [['put', put] as const, ['get', get] as const]) {
      if (place === undefined) continue;
      this.#memory.set(placeKey(way, place, place.target), file);
      this.#await(place);
    }
  }

  tellLink(place: HttpPlace, url: string, told: ToldFile): void {
    const key = placeKey('get', place, place.target);
    const file = (this.#memory.get(key) as KnownFile | undefined) ?? {
      url,
      upload: undefined,
      told: [],
      passed: false,
    };
    const others = file.told.filter((other) => !isSame(other, told));
    file.told = [...others.slice(1 - TOLD_LIMIT), told];
    this.#memory.set(key, file);
    this.#await(place);
  }

  /** The server has it elsewhere. */
  move(way: 'put' | 'get', place: HttpPlace, file: KnownFile): void {
    this.#memory.set(placeKey(way, place, place.target), file);
    this.#await(place);
  }

  find(way: 'put' | 'get', endpoint: Endpoint, target: string): KnownFile | undefined {
    return this.#memory.get(placeKey(way, endpoint, target)) as KnownFile | undefined;
  }

  /** A connection came that may be anybody's: whether another one is to be looked at. */
  came(endpoint: Endpoint): boolean {
    const key = placeKey('at', endpoint);
    const strangers = this.#memory.get(key);
    if (typeof strangers !== 'number') return false;
    if (strangers < STRANGERS_LIMIT) this.#memory.set(key, strangers + 1);
    else this.#memory.delete(key);
    return strangers < STRANGERS_LIMIT;
  }

  /** It was for a file. */
  wasOurs(endpoint: Endpoint): void {
    this.#await(endpoint);
  }

  #await(endpoint: Endpoint): void {
    this.#memory.set(placeKey('at', endpoint), 0);
  }
}

/** Key of a place; also the token under which a request for a refused file is stopped. */
export function placeKey(what: string, { address, port }: Endpoint, target = ''): string {
  return `${what} ${address} ${port} ${target}`;
}

function isSame(a: ToldFile, b: ToldFile): boolean {
  return (
    a.sender === b.sender &&
    a.recipient === b.recipient &&
    a.room === b.room &&
    a.teller === b.teller &&
    a.reader === b.reader &&
    a.readerAddress === b.readerAddress
  );
}
