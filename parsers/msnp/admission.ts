/** Who asked to be let into a switchboard, and who was: the answer names the number of the question only. */

/** Attempts waiting for their answer: clients make one. */
const ATTEMPTS_LIMIT = 8;

export interface Attempt {
  readonly transaction: number;
  readonly address: string;
  readonly session: string | undefined;
}

export class Admission {
  readonly #attempts: Attempt[] = [];
  #admitted = false;

  get admitted(): boolean {
    return this.#admitted;
  }

  try(attempt: Attempt): void {
    if (this.#attempts.length >= ATTEMPTS_LIMIT) this.#attempts.shift();
    this.#attempts.push(attempt);
  }

  /** What was tried with this number, if it was seen. */
  admit(transaction: number): Attempt | undefined {
    this.#admitted = true;
    const found = this.#attempts.find((attempt) => attempt.transaction === transaction);
    this.#attempts.length = 0;
    return found;
  }

  held(): number {
    let octets = 0;
    for (const { address, session } of this.#attempts) {
      octets += 96 + 2 * (address.length + (session?.length ?? 0));
    }
    return octets;
  }
}
