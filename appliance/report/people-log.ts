/** Accounts that signed in, and what they did with their contacts. Bounded: the rest is counted. */
import type { ImEvent } from '../../src/event/event.ts';
import { boundedKey, kept } from './kept.ts';
import { isNotable, type ShownVerdict, shownVerdict } from './verdict-text.ts';

export const PEOPLE_LIMITS = { accounts: 2000, contactLines: 500, nameCodeUnits: 200 } as const;

export interface Account {
  readonly service: string;
  readonly account: string;
  logins: number;
  logouts: number;
  failures: number;
  lastFailure: string | undefined;
  contacts: number;
  firstTime: number;
  lastTime: number;
  /** Address of the machine that signed in last. */
  address: string | undefined;
  verdict: ShownVerdict | undefined;
}

export interface ContactLine {
  readonly time: number;
  readonly service: string;
  readonly account: string;
  readonly what: string;
  readonly contact: string;
  readonly verdict: ShownVerdict | undefined;
  /** How often the same was seen: servers repeat what changes. */
  times: number;
}

const DEEDS: Readonly<Record<string, string>> = {
  'contact.add': 'adds',
  'contact.request': 'asks',
  'contact.remove': 'removes',
  'contact.approve': 'approves',
  'contact.deny': 'refuses',
  'contact.block': 'blocks',
  'contact.unblock': 'unblocks',
};

export class PeopleLog {
  readonly #accounts = new Map<string, Account>();
  readonly #contactLines = new Map<string, ContactLine>();
  accountsLeftOut = 0;
  contactLinesLeftOut = 0;

  add(event: ImEvent): void {
    if (event.copy !== undefined) return;
    if (event.kind.startsWith('session.')) this.#session(event);
    else if (event.kind === 'contact.list') this.#listEntry(event);
    else if (event.kind.startsWith('contact.')) this.#contact(event);
  }

  /** In order of their first sign-in. */
  get accounts(): Account[] {
    return [...this.#accounts.values()].sort((a, b) => a.firstTime - b.firstTime);
  }

  /** In order of their first time. */
  get contactLines(): ContactLine[] {
    return [...this.#contactLines.values()];
  }

  #session(event: ImEvent): void {
    const account = this.#account(event);
    if (account === undefined) return;
    if (event.kind === 'session.login') account.logins += 1;
    else if (event.kind === 'session.logout') account.logouts += 1;
    else {
      account.failures += 1;
      account.lastFailure = event.reason === undefined ? undefined : kept(event.reason, 100);
    }
    account.lastTime = event.time;
    account.address = addressOf(event.flow?.client) ?? account.address;
    const verdict = shownVerdict(event.verdict);
    if (isNotable(verdict)) account.verdict = verdict;
  }

  #listEntry(event: ImEvent): void {
    const account = this.#account(event);
    if (account !== undefined) account.contacts += 1;
  }

  #contact(event: ImEvent): void {
    const { origin, account, from, contact, to } = event;
    const answered = event.kind === 'contact.approve' || event.kind === 'contact.deny';
    // What others ask or answer comes from the server; everything else is the account's own deed.
    const others = origin === 'server' && (answered || event.kind === 'contact.request');
    const who = others ? (from ?? contact) : (account ?? from);
    const whom = others ? (account ?? to?.[0]) : (contact ?? to?.[0]);
    this.#contactLine(event, who ?? '?', whom ?? '?');
  }

  #contactLine(event: ImEvent, who: string, whom: string): void {
    const service = event.service ?? event.protocol ?? '?';
    const what = DEEDS[event.kind] ?? event.kind;
    const verdict = shownVerdict(event.verdict);
    const deed = [service, who, what, whom, verdict?.action, verdict?.rule].join('\n');
    const key = boundedKey(deed, PEOPLE_LIMITS.nameCodeUnits * 4);
    const known = this.#contactLines.get(key);
    if (known !== undefined) known.times += 1;
    else if (this.#contactLines.size >= PEOPLE_LIMITS.contactLines) this.contactLinesLeftOut += 1;
    else {
      this.#contactLines.set(key, {
        time: event.time,
        service,
        account: kept(who, PEOPLE_LIMITS.nameCodeUnits),
        what,
        contact: kept(whom, PEOPLE_LIMITS.nameCodeUnits),
        verdict,
        times: 1,
      });
    }
  }

  #account(event: ImEvent): Account | undefined {
    const service = event.service ?? event.protocol ?? '?';
    const name = kept(event.account ?? event.from ?? '(unknown)', PEOPLE_LIMITS.nameCodeUnits);
    const key = `${service}\n${name}`;
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    if (this.#accounts.size >= PEOPLE_LIMITS.accounts) {
      this.accountsLeftOut += 1;
      return undefined;
    }
    const made: Account = {
      service,
      account: name,
      logins: 0,
      logouts: 0,
      failures: 0,
      lastFailure: undefined,
      contacts: 0,
      firstTime: event.time,
      lastTime: event.time,
      address: undefined,
      verdict: undefined,
    };
    this.#accounts.set(key, made);
    return made;
  }
}

function addressOf(endpoint: string | undefined): string | undefined {
  return endpoint?.replace(/:\d+$/, '');
}
