/**
 * Decides when an engine has failed, by its signs of life. No clock of its own: milliseconds come with
 * every call, of a clock that does not jump.
 */
export class Watch {
  #timeout: number;
  #armed = false;
  #deadline = 0;
  #graceUsed = false;

  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** A longer one from the next sign of life on, a shorter one from now on: there may be no next sign. */
  change(timeout: number, now: number): void {
    this.#timeout = timeout;
    this.#deadline = Math.min(this.#deadline, now + timeout);
  }

  get armed(): boolean {
    return this.#armed;
  }

  /** From here on silence is a failure. */
  arm(now: number): void {
    this.#armed = true;
    this.alive(now);
  }

  disarm(): void {
    this.#armed = false;
  }

  alive(now: number): void {
    this.#deadline = now + this.#timeout;
    this.#graceUsed = false;
  }

  /** Milliseconds until there is something to decide; -1: nothing is. */
  patience(now: number): number {
    return this.#armed ? Math.max(0, Math.ceil(this.#deadline - now)) : -1;
  }

  /**
   * Has it failed? `late`: by how many milliseconds the watchdog itself came later than it wanted. Then the
   * whole box stood still (a virtual machine was paused, the host was overloaded), and the engine gets a
   * quarter of its time again, once.
   */
  failed(now: number, late: number): boolean {
    if (!this.#armed || now < this.#deadline) return false;
    if (late < this.#timeout / 2 || this.#graceUsed) return true;
    this.#graceUsed = true;
    this.#deadline = now + this.#timeout / 4;
    return false;
  }
}
