/** A policy to records (policy-records.ts), without what judging does not need. */
import type { List, Policy, Schedule } from '../policy/policy.ts';
import { LENGTH_OCTETS, MOST_INLINE, RECORD_CHARACTERS, ROOT } from './policy-records.ts';

export function encodePolicy(policy: Policy): SharedArrayBuffer {
  return new Encoder().encode({ ...policy, lists: [], schedules: [], tests: [] });
}

class Encoder {
  readonly #records: Buffer[] = [];
  readonly #shared = new Map<object, number>();
  #lastId = ROOT;

  encode(policy: Policy): SharedArrayBuffer {
    this.#record(ROOT, 'o', [this.#json(policy)]);
    const size = this.#records.reduce((sum, { length }) => sum + LENGTH_OCTETS + length, 0);
    const octets = new SharedArrayBuffer(size);
    const into = Buffer.from(octets);
    let at = 0;
    for (const record of this.#records) {
      at = into.writeUInt32LE(record.length, at);
      at += record.copy(into, at);
    }
    return octets;
  }

  /** JSON of a value in which long arrays and shared objects are references. */
  #json(value: unknown): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    if (Array.isArray(value)) {
      if (value.length > MOST_INLINE) return reference(this.#array(value));
      return `[${value.map((element) => this.#json(element)).join()}]`;
    }
    return isShared(value) ? reference(this.#once(value)) : this.#object(value);
  }

  /** Its keys are ours: none needs to be quoted. */
  #object(value: object): string {
    let members = '';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const json = key === 'place' ? '0' : this.#json(member);
      members += `${members === '' ? '' : ','}"${key}":${json}`;
    }
    return `{${members}}`;
  }

  #once(value: List | Schedule): number {
    const known = this.#shared.get(value);
    if (known !== undefined) return known;
    const id = ++this.#lastId;
    this.#shared.set(value, id);
    const json = 'entries' in value ? this.#list(value) : this.#object(value);
    this.#record(id, 'o', [json]);
    return id;
  }

  #list({ name, kind, entries }: List): string {
    const values = this.#elements('e', entries, ({ value }) => JSON.stringify(value));
    const kindText = kind === undefined ? '' : `"kind":"${kind}",`;
    return `{"name":${JSON.stringify(name)},"place":0,${kindText}"entries":${reference(values)}}`;
  }

  #array(array: readonly unknown[]): number {
    return this.#elements('a', array, (element) => this.#json(element));
  }

  #elements<T>(kind: 'a' | 'e', elements: readonly T[], json: (element: T) => string): number {
    const id = ++this.#lastId;
    let batch: string[] = [];
    let characters = 0;
    for (const element of elements) {
      const text = json(element);
      batch.push(text);
      characters += text.length;
      if (characters < RECORD_CHARACTERS) continue;
      this.#record(id, kind, batch);
      batch = [];
      characters = 0;
    }
    this.#record(id, kind, batch);
    return id;
  }

  #record(id: number, kind: 'a' | 'e' | 'o', values: readonly string[]): void {
    this.#records.push(Buffer.from(`[${[id, `"${kind}"`, ...values].join()}]`));
  }
}

function reference(id: number): string {
  return `{"$":${id}}`;
}

/** Lists and schedules: one object, however many rules name it. */
function isShared(value: object): value is List | Schedule {
  return 'entries' in value || 'timezone' in value;
}
