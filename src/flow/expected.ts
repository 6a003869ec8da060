/**
 * TCP connections that an offer announced and that have not opened yet: found by the numeric address
 * and port that listens, or by the token that the connection names itself (SOCKS5 DST.ADDR).
 *
 * Bounded by Limits.expectedConnections (the oldest goes first) and Limits.expectedTimeout. An
 * address behind a NAT that the offer did not know is not guessed at.
 *
 * The connection of a refused offer is not to be, and whoever makes such an offer names any address. So it
 * stops a new flow at once only where one of its ends is the client of the flow on which the offer was made,
 * and not, of an offer that it received, at the port of a web or mail server: strangers could keep it from
 * there. Other flows are stopped when their content is of the announced protocol; and where others come too (a
 * relay), only what tells the token.
 */
import type { ExpectedConnection } from '../../parsers/contract.ts';
import type { Limits } from '../limits.ts';
import { readAddress } from './address-text.ts';
import { CLIENT, CLIENT_HIGH, SERVER, SERVER_HIGH, STRIDE } from './layout.ts';
import type { FlowTable } from './table.ts';

const SECOND = 1e6; // microseconds
const IPV4 = 4;
const TCP = 6; // all that is announced
const SYSTEM_PORTS = 1024; // RFC 6335 §6: below, servers of many

interface Entry {
  readonly connection: ExpectedConnection;
  /** Of byEndpoint and byToken; empty: not there. */
  readonly endpoint: string;
  readonly token: string;
  readonly port: number;
  /** Microseconds since 1970. */
  readonly until: number;
}

export interface ExpectedCounters {
  added: number;
  /** Announced again: the later one stands. */
  replaced: number;
  taken: number;
  timedOut: number;
  /** Given up for newer ones at Limits.expectedConnections. */
  evicted: number;
  /** Neither a token nor a numeric address and port. */
  refused: number;
}

export class ExpectedConnections {
  readonly counters: ExpectedCounters = {
    added: 0,
    replaced: 0,
    taken: 0,
    timedOut: 0,
    evicted: 0,
    refused: 0,
  };
  readonly #limit: number;
  readonly #timeout: number; // microseconds
  /** Oldest first: one timeout for all. */
  readonly #entries = new Set<Entry>();
  readonly #byEndpoint = new Map<string, Entry>();
  readonly #byToken = new Map<string, Entry>();
  /** Entries a port, so that a new flow elsewhere costs two reads. */
  readonly #ports = new Uint32Array(65536);
  readonly #words = new Int32Array(4);
  /** Announced by refused offers, with the address of the client on whose flow the offer was made. */
  readonly #refused = new WeakMap<ExpectedConnection, string>();

  constructor(limits: Limits) {
    this.#limit = limits.expectedConnections;
    this.#timeout = limits.expectedTimeout * SECOND;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Same address and port, or same token and no address: replaces the older one. `refusedOf`: the offer was
   * refused, and this is the address of the client on whose flow it was made.
   */
  add(connection: ExpectedConnection, timeMicros: number, refusedOf?: string): void {
    this.#expire(timeMicros);
    // One that is refused stays until its time is over: whoever has it in hand gives nothing back.
    if (refusedOf !== undefined) this.#refused.set(connection, refusedOf);
    else if (this.#refused.has(connection)) return;
    const endpoint = this.#endpointOf(connection);
    const token = connection.token ?? '';
    if (this.#limit <= 0 || (endpoint === '' && token === '')) {
      this.counters.refused++;
      return;
    }
    const older = endpoint === '' ? this.#byToken.get(token) : this.#byEndpoint.get(endpoint);
    if (older !== undefined) {
      if (refusedOf !== undefined && this.#isAnothers(older.connection, connection)) return;
      this.#drop(older);
      this.counters.replaced++;
    }
    if (this.#entries.size >= this.#limit) {
      const [oldest] = this.#entries;
      if (oldest !== undefined) this.#drop(oldest);
      this.counters.evicted++;
    }
    const port = endpoint === '' ? 0 : (connection.port ?? 0);
    const entry = { connection, endpoint, token, port, until: timeMicros + this.#timeout };
    this.#entries.add(entry);
    if (token !== '') this.#byToken.set(token, entry);
    if (endpoint !== '') {
      this.#byEndpoint.set(endpoint, entry);
      this.#ports[port] = (this.#ports[port] ?? 0) + 1;
    }
    this.counters.added++;
  }

  /**
   * What was announced for a new flow, either end of which may be the one that listens (a flow
   * picked up in the middle may be taken for its mirror image). Taken: the next call has none.
   */
  takeFor(table: FlowTable, slot: number): ExpectedConnection | undefined {
    if (!this.mayBeFor(table, slot)) return undefined;
    const server = table.serverPort(slot);
    const client = table.clientPort(slot);
    const now = table.lastTime(slot);
    return (
      this.#takeAt(table, slot, SERVER, SERVER_HIGH, server, now) ??
      this.#takeAt(table, slot, CLIENT, CLIENT_HIGH, client, now)
    );
  }

  /** What was taken and not used stands again, unless something newer was announced there. */
  restore(connection: ExpectedConnection, timeMicros: number): void {
    const newer = this.#byEndpoint.get(this.#endpointOf(connection));
    if (newer === undefined || newer.until < timeMicros) this.add(connection, timeMicros);
  }

  /** Whether a flow that opens is the connection of a refused offer. Takes nothing. */
  refuses(table: FlowTable, slot: number): boolean {
    const at = slot * STRIDE;
    const { words } = table;
    const server = key(words, at + SERVER_HIGH, words[at + SERVER] ?? 0, table.serverPort(slot));
    const client = key(words, at + CLIENT_HIGH, words[at + CLIENT] ?? 0, table.clientPort(slot));
    const entry = this.#byEndpoint.get(server) ?? this.#byEndpoint.get(client);
    if (entry === undefined || entry.until < table.lastTime(slot)) return false;
    const party = this.#refused.get(entry.connection);
    const { shared, offer, port = 0 } = entry.connection;
    if (party === undefined || shared === true) return false;
    if (offer.origin === 'server' && port < SYSTEM_PORTS) return false;
    return party === table.clientAddress(slot) || party === table.serverAddress(slot);
  }

  isRefused(connection: ExpectedConnection): boolean {
    return this.#refused.has(connection);
  }

  /** Whether anything was announced for one of the flow's ports: cheap, asked of every new flow. */
  mayBeFor(table: FlowTable, slot: number): boolean {
    if (this.#byEndpoint.size === 0 || table.transport(slot) !== TCP) return false;
    return this.#ports[table.serverPort(slot)] !== 0 || this.#ports[table.clientPort(slot)] !== 0;
  }

  /** What was announced under this token. Taken: the next call has none. */
  takeByToken(token: string, timeMicros: number): ExpectedConnection | undefined {
    return this.#take(this.#byToken.get(token), timeMicros);
  }

  #takeAt(
    table: FlowTable,
    slot: number,
    low: number,
    high: number,
    port: number,
    now: number,
  ): ExpectedConnection | undefined {
    if (this.#ports[port] === 0) return undefined;
    const at = slot * STRIDE;
    const endpoint = key(table.words, at + high, table.words[at + low] ?? 0, port);
    return this.#take(this.#byEndpoint.get(endpoint), now);
  }

  #take(entry: Entry | undefined, now: number): ExpectedConnection | undefined {
    if (entry === undefined) return undefined;
    // It comes as often as somebody tries.
    if (entry.until >= now && this.#refused.has(entry.connection)) return entry.connection;
    this.#drop(entry);
    if (entry.until < now) {
      this.counters.timedOut++;
      return undefined;
    }
    this.counters.taken++;
    return entry.connection;
  }

  /** Nobody can have the connection of somebody else's offer refused. */
  #isAnothers(older: ExpectedConnection, { offer }: ExpectedConnection): boolean {
    return !this.#refused.has(older) && older.offer.sender !== offer.sender;
  }

  #expire(now: number): void {
    for (const entry of this.#entries) {
      if (entry.until >= now) return;
      this.#drop(entry);
      this.counters.timedOut++;
    }
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    if (this.#byToken.get(entry.token) === entry) this.#byToken.delete(entry.token);
    if (this.#byEndpoint.get(entry.endpoint) !== entry) return;
    this.#byEndpoint.delete(entry.endpoint);
    this.#ports[entry.port] = (this.#ports[entry.port] ?? 1) - 1;
  }

  /** Empty when the address is absent or not numeric, or the port none. */
  #endpointOf({ address, port }: ExpectedConnection): string {
    if (address === undefined || port === undefined) return '';
    if (!Number.isInteger(port) || port < 1 || port > 65535) return '';
    const version = readAddress(address, this.#words);
    if (version === 0) return '';
    if (version === IPV4 && this.#words[3] === 0) return ''; // 0.0.0.0: a passive offer
    return key(this.#words, 0, this.#words[3] ?? 0, port);
  }
}

/** IPv4 in the last word, the others 0: no IPv6 host has such an address (RFC 4291 §2.5.5). */
function key(words: Int32Array, high: number, low: number, port: number): string {
  return `${words[high] ?? 0} ${words[high + 1] ?? 0} ${words[high + 2] ?? 0} ${low} ${port}`;
}
