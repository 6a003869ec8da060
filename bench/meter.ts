/** Time of the clock and of the processor (all threads of this process), added up. */

export interface Cost {
  readonly seconds: number;
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
    return costOf(things, this.#seconds, this.#cpu);
  }
}

export function costOf(things: number, seconds: number, cpu: number): Cost {
  return {
    seconds,
    cpuSeconds: cpu,
    perSecond: things / seconds,
    perCpuSecond: things / cpu,
  };
}
