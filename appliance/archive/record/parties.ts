/** Numbers of parties: one for each address of a service. */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';
import { Recent } from '../vault/recent.ts';
import { Numbers } from './numbers.ts';
import { post } from './post.ts';

/** Remembered; others are looked up again. */
const REMEMBERED = 32_768;
/** New ones, not written yet. */
const UNWRITTEN = REMEMBERED / 2;

interface Party {
  readonly id: number;
  person: string | undefined;
}

const COLUMNS = ['id', 'service', 'address', 'person'] as const;

export class Parties {
  readonly #known = new Recent<string, Party>(REMEMBERED);
  readonly #new: SqlValue[][] = [];
  readonly #renamed = new Map<number, string>();
  readonly #numbers = new Numbers('party');

  /** Others wrote to the archive: what is remembered may be wrong. */
  forget(): void {
    this.#known.clear();
    this.#new.length = 0;
    this.#renamed.clear();
    this.#numbers.forget();
  }

  /** More new ones could be forgotten before they are written, and made a second time. */
  get isFull(): boolean {
    return this.#new.length >= UNWRITTEN;
  }

  /** Without waiting: undefined where it has to be looked up. */
  remembered(service: string, address: string, person: string | undefined): number | undefined {
    const party = this.#known.get(keyOf(service, address));
    return party && this.#named(party, person);
  }

  /** `person`: as the directory says now. */
  async find(
    database: ArchiveDatabase,
    service: string,
    address: string,
    person: string | undefined,
  ): Promise<number> {
    const key = keyOf(service, address);
    const party = this.#known.get(key) ?? (await this.#look(database, service, address, person));
    this.#known.set(key, party);
    return this.#named(party, person);
  }

  async #look(
    database: ArchiveDatabase,
    service: string,
    address: string,
    person: string | undefined,
  ): Promise<Party> {
    const [row] = await database.rows<{ id: number; person: string | null }>(
      'SELECT id, person FROM party WHERE service = ? AND address = ?',
      service,
      address,
    );
    return row === undefined
      ? this.#make(database, service, address, person)
      : { id: row.id, person: row.person ?? undefined };
  }

  /** Writes what is new. */
  async flush(database: ArchiveDatabase): Promise<void> {
    if (this.#new.length > 0) await database.insert('party', COLUMNS, this.#new);
    this.#new.length = 0;
    await this.#numbers.flush(database);
    for (const [id, person] of this.#renamed) {
      await post(database, 'UPDATE party SET person = ? WHERE id = ?', person, id);
    }
    this.#renamed.clear();
  }

  async #make(
    database: ArchiveDatabase,
    service: string,
    address: string,
    person: string | undefined,
  ): Promise<Party> {
    const id = await this.#numbers.next(database);
    this.#new.push([id, service, address, person ?? null]);
    return { id, person };
  }

  /** Its number. */
  #named(party: Party, person: string | undefined): number {
    if (person !== undefined && party.person !== person) {
      party.person = person;
      this.#renamed.set(party.id, person);
    }
    return party.id;
  }
}

function keyOf(service: string, address: string): string {
  return `${service}\n${address}`;
}
