/**
 * Counts records one by one, in the order of their times, in memory that does not grow with them. Two legs of
 * a delivery are one message; what a person received is counted by the legs to it.
 */
import { LRUCache } from 'lru-cache';
import { Covered } from './covered.ts';
import { type Json, numberIn, objectIn, parsed, textIn } from './json-fields.ts';
import type { LocalClock } from './local-time.ts';
import { Stretches } from './stretches.ts';
import { Tallies } from './tallies.ts';
import { Usage } from './usage.ts';

/** Rows of a report at most, by what they are of. */
export const MOST_ROWS = { persons: 10_000, services: 1000, days: 4000, rules: 5000, types: 500 };
const BIGGEST = 20;
/** Transfers remembered, to know the other leg of one, and the microseconds within which it comes. */
const TRANSFERS = 4096;
const SAME_TRANSFER = 3600e6;

/** A row of `record` with the party of its account. */
export interface TallyRow {
  readonly sequence: number;
  readonly time: number;
  readonly event: string | null;
  readonly service: string | null;
  readonly conversation: number | null;
  readonly account: number | null;
  readonly sender: number | null;
  readonly action: string | null;
  readonly rule: string | null;
  readonly repeat: number;
  readonly person: string | null;
  readonly address: string | null;
  /** Only of what is looked into. */
  readonly envelope: Uint8Array | null;
}

export interface FoundFile {
  readonly sequence: number;
  readonly time: number;
  readonly octets: number;
  readonly type: string | undefined;
  readonly service: string;
  readonly who: string;
  readonly sha256: string | undefined;
}

interface Person {
  readonly stretches: Stretches;
  readonly calls: Covered;
  readonly connected: Covered;
}

const ACTS = /^(?:message|typing|room|file|call)(?:\.|$)/;
const NOBODY = '(nobody signed in)';

export class RecordTally {
  readonly all = new Usage('all');
  readonly persons = new Tallies(MOST_ROWS.persons, (name) => new Usage(name));
  readonly services = new Tallies(MOST_ROWS.services, (name) => new Usage(name));
  readonly days = new Tallies(MOST_ROWS.days, (name) => new Usage(name));
  readonly hours = Array.from({ length: 24 }, (_, hour) => new Usage(hourName(hour)));
  readonly rules = new Tallies(MOST_ROWS.rules, policyRow);
  readonly types = new Tallies(MOST_ROWS.types, (type) => ({ type, count: 0, octets: 0 }));
  /** Largest first. */
  readonly biggest: FoundFile[] = [];
  /** Parties that are on our side of the wire. */
  readonly accounts = new Set<number>();
  events = 0;
  fileOctets = 0;
  first: number | undefined = undefined;
  last: number | undefined = undefined;
  readonly #clock: LocalClock;
  readonly #people = new Map<string, Person>();
  readonly #transfers = new LRUCache<string, number>({ max: TRANSFERS });

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  add(row: TallyRow): void {
    const { time, event, account, sender, repeat, rule, action } = row;
    const kind = event ?? '';
    this.events += 1;
    this.first ??= time;
    this.last = time;
    if (account !== null && this.accounts.size < MOST_ROWS.persons) this.accounts.add(account);
    const looked = row.envelope === null ? undefined : objectIn(parsed(row.envelope), 'event');
    const who = nameOf(row, looked);
    const isOwn = sender !== null && sender === account;
    if (kind === 'message') this.#message(row, who, isOwn);
    if (isOwn && ACTS.test(kind)) this.#act(row, who);
    if (kind === 'file.complete' && repeat === 0) this.#file(row, who, looked);
    if (kind === 'flow.end') this.#flow(row, who, looked);
    if (rule !== null || (action !== null && action !== 'pass')) this.#decided(row, who, looked);
  }

  /** The usage rows that a record adds to: in all, of its service, hour and day. */
  #places({ time, service }: TallyRow): readonly Usage[] {
    const { day, hour } = this.#clock.at(time);
    const atHour = this.hours[hour] ?? this.all;
    return [this.all, this.services.of(service ?? '?'), this.days.of(day), atHour];
  }

  #message(row: TallyRow, who: string, isOwn: boolean): void {
    if (row.repeat === 0) for (const usage of this.#places(row)) usage.messages += 1;
    if (row.account === null) return;
    const person = this.persons.of(who);
    if (!isOwn) person.received += 1;
    else if (row.repeat === 0) person.messages += 1;
  }

  #act(row: TallyRow, who: string): void {
    const spent = this.#personOf(who).stretches.act(row.time);
    this.persons.of(who).active += spent;
    for (const usage of this.#places(row)) usage.active += spent;
  }

  #file(row: TallyRow, who: string, event: Json | undefined): void {
    const file = objectIn(event, 'file');
    const octets = numberIn(file, 'size');
    const sha256 = textIn(file, 'sha256');
    const key = `${row.service ?? ''}\n${row.conversation ?? who}\n${sha256 ?? row.sequence}`;
    const before = this.#transfers.get(key);
    this.#transfers.set(key, row.time);
    if (before !== undefined && row.time - before <= SAME_TRANSFER) return;
    const type = textIn(file, 'mime');
    for (const usage of [...this.#places(row), this.persons.of(who)]) usage.files += 1;
    this.fileOctets += octets;
    const ofType = this.types.of(type ?? '(not told)');
    ofType.count += 1;
    ofType.octets += octets;
    const { sequence, time, service } = row;
    this.#rank({ sequence, time, octets, type, service: service ?? '?', who, sha256 });
  }

  #rank(file: FoundFile): void {
    const { biggest } = this;
    const at = biggest.findIndex(({ octets }) => octets < file.octets);
    if (at === -1) biggest.push(file);
    else biggest.splice(at, 0, file);
    if (biggest.length > BIGGEST) biggest.pop();
  }

  #flow(row: TallyRow, who: string, event: Json | undefined): void {
    const totals = objectIn(event, 'totals');
    if (totals === undefined || textIn(event, 'activity') === 'lookup') return;
    const octets = numberIn(totals, 'octetsToServer') + numberIn(totals, 'octetsToClient');
    const began = row.time - numberIn(totals, 'duration') * 1e6;
    const person = this.#personOf(who);
    const isOpaque = textIn(event, 'visibility') === 'opaque';
    const isCall = textIn(event, 'activity') === 'call';
    const calls = isCall ? person.calls.add(began, row.time) : 0;
    const connected = isOpaque ? person.connected.add(began, row.time) : 0;
    for (const usage of [...this.#places(row), this.persons.of(who)]) {
      usage.connections += 1;
      usage.octets += octets;
      usage.calls += calls;
      usage.connected += connected;
    }
  }

  #decided({ rule, action }: TallyRow, who: string, event: Json | undefined): void {
    const row = this.rules.of(`${rule ?? '(default)'}\n${action ?? 'pass'}`);
    const isEnforced = action === 'pass' || objectIn(event, 'verdict')?.enforced === true;
    if (isEnforced) row.enforced += 1;
    else row.notEnforced += 1;
    if (row.persons.size < MOST_ROWS.persons) row.persons.add(who);
  }

  #personOf(who: string): Person {
    let person = this.#people.get(who);
    if (person !== undefined) return person;
    person = { stretches: new Stretches(), calls: new Covered(), connected: new Covered() };
    // Beyond the rows of a report, times of the others are not told.
    if (this.#people.size < MOST_ROWS.persons) this.#people.set(who, person);
    return person;
  }
}

function policyRow(name: string) {
  const [rule = '', action = ''] = name.split('\n');
  return { rule, action, enforced: 0, notEnforced: 0, persons: new Set<string>() };
}

/** The person of the directory, else the account, else the client's address. */
function nameOf({ person, account, service, address }: TallyRow, event: Json | undefined): string {
  if (person !== null) return person;
  if (account !== null) return `${service ?? ''}:${address ?? ''}`;
  const client = textIn(objectIn(event, 'flow'), 'client');
  return client?.replace(/:\d+$/, '') ?? NOBODY;
}

function hourName(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
