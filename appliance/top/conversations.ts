/** Who talks with whom, from events as they come; the ones heard last are kept. */

export interface Conversation {
  readonly service: string;
  readonly from: string;
  readonly to: string;
  messages: number;
  files: number;
  /** Events with a verdict other than pass. */
  refused: number;
  /** Milliseconds since 1970, by the gateway's clock. */
  last: number;
}

const MOST = 500;
const LONGEST_NAME = 200;

export class Conversations {
  readonly #rows = new Map<string, Conversation>();

  /** `event`: the JSON of an event; whatever it is, it harms nothing. */
  hear(event: unknown): void {
    if (typeof event !== 'object' || event === null) return;
    const fields = event as Record<string, unknown>;
    const kind = text(fields.kind);
    const from = text(fields.from ?? fields.account);
    const recipients = Array.isArray(fields.to) ? fields.to.map(text) : [];
    const to = text(fields.room) || recipients.join(', ').slice(0, LONGEST_NAME);
    if (from === '' || to === '' || fields.copy !== undefined) return;
    if (!/^(message|file|call|typing)/.test(kind)) return;
    const row = this.#row(text(fields.service), from, to);
    if (kind === 'message') row.messages += 1;
    if (kind === 'file.offer') row.files += 1;
    const verdict = fields.verdict as Record<string, unknown> | undefined;
    if (typeof verdict?.action === 'string' && verdict.action !== 'pass') row.refused += 1;
    row.last = Date.parse(text(fields.ts)) || row.last;
  }

  /** Those heard last first. */
  rows(): Conversation[] {
    return [...this.#rows.values()].reverse();
  }

  #row(service: string, from: string, to: string): Conversation {
    // Both ways are one conversation; it is shown as it was begun.
    const keys = [JSON.stringify([service, from, to]), JSON.stringify([service, to, from])];
    const key = keys.find((one) => this.#rows.has(one)) ?? keys[0] ?? '';
    const row = this.#rows.get(key) ?? {
      service,
      from,
      to,
      messages: 0,
      files: 0,
      refused: 0,
      last: 0,
    };
    this.#rows.delete(key); // to the end: heard last
    this.#rows.set(key, row);
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > MOST && oldest !== undefined) this.#rows.delete(oldest);
    return row;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_NAME) : '';
}
