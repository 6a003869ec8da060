/** What is remembered of a contact list: names of groups, who may see the account, who asked to and was not answered. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { GROUPS_LIMIT, NAME_LIMIT, PEOPLE_LIMIT } from './msnp-limits.ts';

export class People {
  readonly #groups = new Map<string, string>();
  readonly #asking = new Set<string>();
  readonly #allowed = new Set<string>();
  /** Addresses by the identifier of the contact (MSNP10 to 12), which REM names instead. */
  readonly #addresses = new Map<string, string>();

  /** False where no more are kept. */
  nameGroup(id: string, name: string): boolean {
    if (!this.#groups.has(id) && this.#groups.size >= GROUPS_LIMIT) return false;
    this.#groups.set(boundedCopy(id, NAME_LIMIT), boundedCopy(name, NAME_LIMIT));
    return true;
  }

  forgetGroup(id: string): void {
    this.#groups.delete(id);
  }

  /** Names of the groups in a list by commas; what has no known name is written as it is. */
  groups(list: string): readonly string[] | undefined {
    if (list === '') return undefined;
    const ids = list.split(',', GROUPS_LIMIT);
    return ids.filter((id) => id !== '').map((id) => this.#groups.get(id) ?? id);
  }

  /** Somebody asks to be a contact: who is allowed already has the answer. False where no more are kept. */
  asks(address: string): boolean {
    if (this.#allowed.has(address)) return true;
    if (!this.#asking.has(address) && this.#asking.size >= PEOPLE_LIMIT) return false;
    this.#asking.add(boundedCopy(address, NAME_LIMIT));
    return true;
  }

  /** False where no more are kept. */
  allow(address: string): boolean {
    if (!this.#allowed.has(address) && this.#allowed.size >= PEOPLE_LIMIT) return false;
    this.#allowed.add(boundedCopy(address, NAME_LIMIT));
    return true;
  }

  disallow(address: string): void {
    this.#allowed.delete(address);
  }

  /** The request, if there was one, has its answer now. */
  answered(address: string): boolean {
    return this.#asking.delete(address);
  }

  /** False where no more are kept. */
  identify(guid: string, address: string): boolean {
    if (!this.#addresses.has(guid) && this.#addresses.size >= PEOPLE_LIMIT) return false;
    this.#addresses.set(boundedCopy(guid, NAME_LIMIT), boundedCopy(address, NAME_LIMIT));
    return true;
  }

  /** The address of a contact that is named by its identifier, or by its address. */
  addressOf(named: string): string {
    return this.#addresses.get(named) ?? named;
  }

  held(): number {
    let octets = 0;
    for (const [id, at] of this.#addresses) octets += 128 + 2 * (id.length + at.length);
    for (const [id, name] of this.#groups) octets += 128 + 2 * (id.length + name.length);
    for (const address of this.#allowed) octets += 96 + 2 * address.length;
    for (const address of this.#asking) octets += 96 + 2 * address.length;
    return octets;
  }
}
