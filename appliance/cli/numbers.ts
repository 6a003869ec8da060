import { InvalidArgumentError } from 'commander';
import { parseDuration, parseNumber } from '../../rules/source/quantity.ts';

/** Parses an option's value as a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Parses an option's value as a number of octets: `10MB`, `512KiB`, `4096`. */
export function octets(text: string): number {
  const value = parseNumber(text);
  if (value === undefined || value < 1 || !Number.isSafeInteger(Math.floor(value))) {
    throw new InvalidArgumentError('Expected a size such as 10MB, 512KiB or 4096.');
  }
  return Math.floor(value);
}

/** Parses an option's value as milliseconds, `least` to a minute: `200ms`, `1s`. */
export function milliseconds(least: number): (text: string) => number {
  return (text) => {
    const parts = /^(\d+)\s*ms$/i.exec(text.trim());
    const value = parts === null ? (parseDuration(text) ?? 0) * 1000 : Number(parts[1]);
    if (!(value >= least && value <= 60_000)) {
      throw new InvalidArgumentError(
        `Expected a time such as 200ms or 1s, at least ${least}ms and at most 60s.`,
      );
    }
    return Math.round(value);
  };
}
