/** The directory: which person is behind an account. */
import { accountKey, identityKey } from '../lists/identity.ts';
import { finish, type Steps } from '../steps.ts';

export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
  readonly department: string | undefined;
  /** `service:account`, exact. */
  readonly accounts: readonly string[];
}

export class Directory {
  readonly #byAccount = new Map<string, Person>();

  constructor(people: readonly Person[]) {
    finish(this.#adding(people));
  }

  /** The same in steps. */
  static *building(people: readonly Person[]): Steps<Directory> {
    const directory = new Directory([]);
    yield* directory.#adding(people);
    return directory;
  }

  *#adding(people: readonly Person[]): Steps<void> {
    for (const person of people) {
      for (const account of person.accounts) this.#byAccount.set(identityKey(account), person);
      yield;
    }
  }

  get size(): number {
    return this.#byAccount.size;
  }

  person(service: string | undefined, account: string): Person | undefined {
    if (this.#byAccount.size === 0) return undefined;
    return this.#byAccount.get(`${service}:${accountKey(service, account)}`);
  }
}
