/** Numbers of parties: one for each address of a service. */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';
import { Recent } from '../vault/recent.ts';
import { Numbers } from './numbers.ts';
import { post } from './post.ts';
import { Uncommitted } from './uncommitted.ts';

/** Half as many new ones are written at the latest. */
const REMEMBERED = 32_768;
/** Changed by a transaction that is being committed. */
const MOST_CHANGED = 32_768;

interface Party {
  readonly id: number;
  person: string | undefined;
}

const COLUMNS = ['id', 'service', 'address', 'person'] as const;

const LOOK = 'SELECT id, person FROM party WHERE service = ? AND address = ?';

interface PartyRow {
  readonly id: number;
  readonly person: string | null;
}

export class Parties {
  readonly #remembered: number;
  readonly #known: Recent<string, Party>;
  readonly #new: SqlValue[][] = [];
  readonly #renamed = new Map<number, string>();
  readonly #numbers = new Numbers('party');
  /** Made or renamed. */
  readonly #uncommitted = new Uncommitted<Party>();
  /** Looked up in the open transaction, and not there. */
  readonly #absent = new Set<string>();

  /** `remembered`: so many; others are looked up again. */
  constructor(remembered: number = REMEMBERED) {
    this.#remembered = remembered;
    this.#known = new Recent(remembered);
  }

  /** Others wrote to the archive: what is remembered may be wrong. */
  forget(): void {
    this.#known.clear();
    this.#new.length = 0;
    this.#renamed.clear();
    this.#numbers.forget();
    this.#uncommitted.forget();
    this.#absent.clear();
  }

  /** The open transaction changed so many that the next one is to wait until it is committed. */
  get isLong(): boolean {
    return this.#uncommitted.before.size > MOST_CHANGED;
  }

  /** All of the open transaction is written. Call what it returns when that is committed. */
  worked(): () => void {
    this.#absent.clear();
    return this.#uncommitted.worked();
  }

  /** More new ones could be forgotten before they are written, and made a second time. */
  get isFull(): boolean {
    return this.#new.length >= this.#remembered / 2;
  }

  /** Without waiting: undefined where it has to be looked up. */
  remembered(service: string, address: string, person: string | undefined): number | undefined {
    const key = keyOf(service, address);
    const party = this.#known.get(key);
    return party && this.#named(key, party, person);
  }

  /** Looks up those that are not remembered, many at once; `find` need not wait for them then. */
  async prepare(
    database: ArchiveDatabase,
    wanted: Iterable<readonly [service: string, address: string]>,
  ): Promise<void> {
    const unknown = new Map<string, readonly [string, string]>();
    for (const [service, address] of wanted) {
      const key = keyOf(service, address);
      if (!this.#isKnown(key) && !this.#absent.has(key)) unknown.set(key, [service, address]);
    }
    const asked = [...unknown];
    const found = await database.rowsOfEach?.<PartyRow>(
      LOOK,
      asked.map(([, names]) => names),
    );
    asked.forEach(([key], n) => {
      // Made, renamed or looked up meanwhile: that is newer.
      if (found === undefined || this.#isKnown(key)) return;
      const [row] = found[n] ?? [];
      if (row === undefined) this.#absent.add(key);
      else this.#known.set(key, { id: row.id, person: row.person ?? undefined });
    });
  }

  #isKnown(key: string): boolean {
    const { own, before } = this.#uncommitted;
    return this.#known.get(key) !== undefined || own.has(key) || before.has(key);
  }

  /** `person`: as the directory says now. */
  async find(
    database: ArchiveDatabase,
    service: string,
    address: string,
    person: string | undefined,
  ): Promise<number> {
    const key = keyOf(service, address);
    const party =
      this.#known.get(key) ??
      this.#uncommitted.own.get(key) ??
      this.#uncommitted.before.get(key) ??
      (await this.#look(database, service, address, person));
    this.#known.set(key, party);
    return this.#named(key, party, person);
  }

  async #look(
    database: ArchiveDatabase,
    service: string,
    address: string,
    person: string | undefined,
  ): Promise<Party> {
    if (this.#absent.delete(keyOf(service, address))) {
      return this.#make(database, service, address, person);
    }
    const [row] = await database.rows<PartyRow>(LOOK, service, address);
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
    const party = { id, person };
    this.#uncommitted.own.set(keyOf(service, address), party);
    return party;
  }

  /** Its number. */
  #named(key: string, party: Party, person: string | undefined): number {
    if (person !== undefined && party.person !== person) {
      party.person = person;
      this.#renamed.set(party.id, person);
      this.#uncommitted.own.set(key, party);
    }
    return party.id;
  }
}

function keyOf(service: string, address: string): string {
  return `${service}\n${address}`;
}
