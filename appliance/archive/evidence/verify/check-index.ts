/** The search index finds every record by what is said in it, and nothing else. */
import type { Archive } from '../../archive.ts';
import type { Envelope } from '../../contract.ts';
import { eventWords } from '../../search/event-text.ts';
import { isPlain } from '../../vault/stored-form.ts';
import type { Findings } from './findings.ts';
import type { VerifyRow } from './record-stream.ts';

/** Terms asked for in one phrase: longer texts are asked for in pieces that overlap by one. */
const PHRASE = 16;

export class IndexCheck {
  readonly #archive: Archive;
  readonly #findings: Findings;
  #checked = 0;
  #unreadable = 0;

  constructor(archive: Archive, findings: Findings) {
    this.#archive = archive;
    this.#findings = findings;
  }

  /** Records whose terms were found. */
  get checked(): number {
    return this.#checked;
  }

  /** Records whose content cannot be read here, and so not compared. */
  get unreadable(): number {
    return this.#unreadable;
  }

  async add({ sequence, content }: VerifyRow, { event }: Envelope): Promise<void> {
    const { database, vault } = this.#archive;
    if (content === null || event === undefined || vault.index === 'off') return;
    const terms = this.#terms(sequence, String(event.id ?? ''), content);
    if (terms === undefined || terms.length === 0) return;
    const { sql, values } = database.matching(
      { phrases: phrases(terms) },
      { first: sequence, last: sequence },
    );
    const rows = await database.rows(
      `SELECT 1 AS found FROM record WHERE record.sequence = ? AND ${sql}`,
      sequence,
      ...values,
    );
    if (rows.length > 0) this.#checked += 1;
    else {
      const text = 'it is not found by its own words';
      this.#findings.add('changed', sequence, 'search index', text);
    }
  }

  async end(_whole: boolean): Promise<void> {}

  #terms(sequence: number, id: string, stored: Uint8Array): readonly string[] | undefined {
    const { vault } = this.#archive;
    try {
      const content = vault.unseal(id, stored);
      if (content === undefined) return undefined; // its key was destroyed
      const said = eventWords(JSON.parse(Buffer.from(content).toString()));
      // Archived before the archive encrypted: its words are in the index as they are.
      return isPlain(stored) ? said : vault.terms(said);
    } catch (error) {
      this.#unreadable += 1;
      if (this.#unreadable === 1) {
        const why = error instanceof Error ? error.message : String(error);
        this.#findings.add('changed', sequence, 'record.content', `it cannot be read: ${why}`);
      }
      return undefined;
    }
  }
}

function phrases(terms: readonly string[]): string[][] {
  const found: string[][] = [];
  for (let at = 0; at < terms.length; at += PHRASE - 1) {
    found.push(terms.slice(at, at + PHRASE));
    if (at + PHRASE >= terms.length) break;
  }
  return found;
}
