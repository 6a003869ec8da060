/**
 * Statements of a connection, one after the other: the server works on what was posted while this process goes on.
 * The first that fails is told by whatever comes after it, since then the transaction is lost.
 */

/** Octets that wait for the server. */
const MOST = 8 * 2 ** 20;

export class StatementQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #failure: { readonly error: unknown } | undefined;
  #room: (() => void) | undefined;

  /** Once all before it are answered. */
  ask<T>(statement: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(() => {
      this.check();
      return statement();
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Resolves when more may be posted. Rejects with what failed first. */
  async post(statement: () => Promise<unknown>, octets: number): Promise<void> {
    this.#waiting += octets;
    this.ask(statement)
      .catch((error) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#waiting -= octets;
        if (this.#waiting <= MOST) this.#room?.();
      });
    if (this.#waiting > MOST) {
      await new Promise<void>((resolve) => {
        this.#room = resolve;
      });
    }
    this.check();
  }

  /** All are answered. Rejects with what failed first. */
  async settle(): Promise<void> {
    await this.#last;
    this.check();
  }

  /** Throws what failed first. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
