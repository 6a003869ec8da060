/** Rows in the order of conversations, read a conversation at a time. */
interface OfConversation {
  readonly conversation: number;
}

export class GroupedRows<Row extends OfConversation> {
  readonly #rows: AsyncIterator<Row>;
  #next: IteratorResult<Row> | undefined;

  constructor(rows: AsyncIterable<Row>) {
    this.#rows = rows[Symbol.asyncIterator]();
  }

  /** The conversation that comes next; infinite: none. */
  async next(): Promise<number> {
    this.#next ??= await this.#rows.next();
    return this.#next.done === true ? Number.POSITIVE_INFINITY : this.#next.value.conversation;
  }

  /** Rows of this conversation, if it is the next one. */
  async *take(conversation: number): AsyncIterable<Row> {
    for (;;) {
      this.#next ??= await this.#rows.next();
      if (this.#next.done === true || this.#next.value.conversation !== conversation) return;
      const { value } = this.#next;
      this.#next = undefined;
      yield value;
    }
  }

  async all(conversation: number): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const row of this.take(conversation)) rows.push(row);
    return rows;
  }

  async close(): Promise<void> {
    await this.#rows.return?.();
  }
}
