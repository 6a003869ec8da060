/** First octets at fixed places, for probes. */
import { Probe } from '../contract.ts';

/** Stands for any octet. */
export const ANY = -1;

/**
 * Whether the octets begin with the pattern: No as soon as one differs, More while they are fewer, else Yes.
 */
export function beginsWith(octets: Uint8Array, pattern: readonly number[]): Probe {
  const there = Math.min(octets.length, pattern.length);
  for (let at = 0; at < there; at++) {
    const wanted = pattern[at];
    if (wanted !== ANY && wanted !== octets[at]) return Probe.No;
  }
  return there < pattern.length ? Probe.More : Probe.Yes;
}

/** The pattern of `57 41 . 01 'VT'`: hex digits, `.` for any octet, and text in quotes. */
export function pattern(written: string): readonly number[] {
  const parts = written.match(/'[^']*'|[0-9a-f]{2}|\./g) ?? [];
  return parts.flatMap((part) => {
    if (part === '.') return [ANY];
    if (part.startsWith("'")) return Array.from(part.slice(1, -1), (c) => c.charCodeAt(0));
    return [Number.parseInt(part, 16)];
  });
}
