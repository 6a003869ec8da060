/**
 * Time stamps of one pcapng interface: 64-bit counts of a unit that the interface names
 * (if_tsresol: 10^-n or 2^-n seconds), turned into whole microseconds without losing any.
 */
const TWO_32 = 2 ** 32;

export class PcapngClock {
  readonly #binary: boolean;
  readonly #exponent: number;
  readonly #offset: number; // microseconds

  /**
   * @param resolution the octet of if_tsresol; 6 (microseconds) where the option is absent
   * @param offset seconds of if_tsoffset
   */
  constructor(resolution: number, offset: number) {
    this.#binary = (resolution & 0x80) !== 0;
    this.#exponent = resolution & 0x7f;
    this.#offset = offset * 1e6;
  }

  /** Writes microseconds since 1970 to time[0]; a returned double would be allocated. */
  stamp(time: Float64Array, highWord: number, lowWord: number): void {
    const high = highWord >>> 0;
    const low = lowWord >>> 0;
    const n = this.#exponent;
    let micro: number;
    if (this.#binary) {
      // Whole seconds and their fraction apart: each stays below 2^53.
      const units = 2 ** n;
      const perHigh = TWO_32 / units; // seconds in one unit of the high word
      const wholeHigh = Math.floor(high * perHigh);
      const restHigh = high * perHigh - wholeHigh;
      micro = wholeHigh * 1e6 + Math.floor((restHigh + low / units) * 1e6);
    } else if (n <= 6) {
      micro = (high * TWO_32 + low) * 10 ** (6 - n);
    } else {
      // Long division by the units in a microsecond, the high word first.
      const units = 10 ** (n - 6);
      const whole = Math.floor(high / units);
      micro = whole * TWO_32 + Math.floor(((high - whole * units) * TWO_32 + low) / units);
    }
    time[0] = micro + this.#offset;
  }
}
