/** Time of the clock and of the processor (all threads of this process and of those it waited for), added up. */

export interface Cost {
  readonly seconds: number;
  /** 0 where another process did the work. */
  readonly cpuSeconds: number;
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

export class Meter {
  #seconds = 0;
  #cpu = 0;
  #started = 0;
  #before = process.cpuUsage();

  start(): void {
    this.#before = process.cpuUsage();
    this.#started = performance.now();
  }

  /** Seconds since `start`. */
  stop(): number {
    const seconds = (performance.now() - this.#started) / 1000;
    const { user, system } = process.cpuUsage(this.#before);
    this.#seconds += seconds;
    this.#cpu += (user + system) / 1e6;
    return seconds;
  }

  cost(things: number): Cost {
    return {
      seconds: this.#seconds,
      cpuSeconds: this.#cpu,
      perSecond: things / this.#seconds,
      perCpuSecond: things / this.#cpu,
    };
  }
}
