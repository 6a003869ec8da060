/** Accounts that signed in, and what they did with their contacts. Bounded: the rest is counted. */
import type { ImEvent } from '../../src/event/event.ts';
import { kept } from './kept.ts';
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
}

const DEEDS: Readonly<Record<string, string>> = {
  'contact.add': 'adds',
  'contact.remove': 'removes',
  'contact.approve': 'approves',
  'contact.deny': 'refuses',
  'contact.block': 'blocks',
  'contact.unblock': 'unblocks',
};

export class PeopleLog {
  readonly #accounts = new Map<string, Account>();
  readonly contactLines: ContactLine[] = [];
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
    if (this.contactLines.length >= PEOPLE_LIMITS.contactLines) {
      this.contactLinesLeftOut += 1;
      return;
    }
    const line = (account: string | undefined, what: string, contact: string | undefined) => {
      this.contactLines.push({
        time: event.time,
        service: event.service ?? event.protocol ?? '?',
        account: kept(account ?? '?', PEOPLE_LIMITS.nameCodeUnits),
        what,
        contact: kept(contact ?? '?', PEOPLE_LIMITS.nameCodeUnits),
        verdict: shownVerdict(event.verdict),
      });
    };
    const mine = event.account ?? event.from;
    const theirs = event.contact ?? event.to?.[0] ?? event.from;
    if (event.kind === 'contact.request') {
      if (event.origin === 'server')
        line(event.from ?? event.contact, 'asks', event.account ?? event.to?.[0]);
      else line(mine, 'asks', theirs);
    } else if (event.origin === 'server') {
      const deed = DEEDS[event.kind] ?? event.kind;
      if (event.kind === 'contact.approve' || event.kind === 'contact.deny') {
        line(event.from ?? event.contact, deed, event.account ?? event.to?.[0]);
      } else line(mine, deed, theirs);
    } else line(mine, DEEDS[event.kind] ?? event.kind, theirs);
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
