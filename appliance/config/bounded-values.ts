/** Sizes and durations of a configuration in base units, and what is wrong where they are out of bounds. */
import type { Diagnostics } from '../../rules/source/diagnostic.ts';
import { parseNumber } from '../../rules/source/quantity.ts';
import type { Path, YamlSource } from '../../rules/source/yaml-source.ts';
import { parseMilliseconds } from './quantities.ts';

export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** The bounds as one would write them, and why. */
  readonly hint: string;
}

/** Each value is undefined where it was not written or is out of bounds, which then is a diagnostic. */
export class BoundedValues {
  readonly #source: YamlSource;
  readonly #found: Diagnostics;

  constructor(source: YamlSource, found: Diagnostics) {
    this.#source = source;
    this.#found = found;
  }

  seconds(written: string, path: Path, bounds: Bounds): number | undefined {
    const seconds = (parseMilliseconds(written) ?? 0) / 1000;
    return this.#within(Math.ceil(seconds), written, path, bounds);
  }

  milliseconds(written: string | undefined, path: Path, bounds: Bounds): number | undefined {
    if (written === undefined) return undefined;
    return this.#within(parseMilliseconds(written) ?? 0, written, path, bounds);
  }

  octets(written: string | number | undefined, path: Path, bounds: Bounds): number | undefined {
    if (written === undefined) return undefined;
    return this.#within(Math.floor(parseNumber(written) ?? -1), written, path, bounds);
  }

  #within(
    value: number,
    written: string | number,
    path: Path,
    { least, most, hint }: Bounds,
  ): number | undefined {
    if (value >= least && value <= most) return value;
    const what = value < least ? 'too small' : 'too large';
    const name = String(path.at(-1));
    this.#found.error(this.#source.place(path), `'${name}' is ${what}: ${written}`, hint);
    return undefined;
  }
}
