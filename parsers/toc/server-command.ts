/** A server's command, its fields made texts when they are asked for. */
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import { type Field, serverFields } from './server-fields.ts';
import { canonicalName } from './toc-text.ts';

export class ServerCommand {
  readonly #buffer: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  #fields: readonly Field[];

  /** Split at every colon until `split` says otherwise. */
  constructor(buffer: Uint8Array, start: number, end: number) {
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
    this.#fields = serverFields(buffer, start, end, 2);
  }

  /** The word before the first colon, capitals. */
  get word(): string {
    return this.text(0).toUpperCase();
  }

  get count(): number {
    return this.#fields.length;
  }

  /** Into at most so many fields; the last is the rest. */
  split(most: number): this {
    this.#fields = serverFields(this.#buffer, this.#start, this.#end, most);
    return this;
  }

  octets(index: number): Uint8Array | undefined {
    const field = this.#fields[index];
    return field === undefined ? undefined : this.#buffer.subarray(field.start, field.end);
  }

  /** Where the field stands in the frame's buffer. */
  at(index: number): number {
    return this.#fields[index]?.start ?? -1;
  }

  /** '' where the field is not there. */
  text(index: number): string {
    const field = this.#fields[index];
    if (field === undefined) return '';
    return utf8OrWindows1252(this.#buffer, field.start, field.end).replace(/\0/g, '');
  }

  /** A screen name, canonical. */
  name(index: number): string | undefined {
    return canonicalName(this.text(index));
  }
}
