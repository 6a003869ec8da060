/**
 * What an engine and its watchdog say to each other, over a socket pair that the watchdog inherits as
 * descriptor 3. To the watchdog: single octets, so that a sign of life is one write. Back: a line of JSON
 * for every order, and one at the start.
 */
import type { OnFailure } from '../config/settings.ts';

export const CHANNEL = 3;

export const Order = {
  /** A sign of life. No answer. */
  Beat: 0x62,
  /** The engine's sockets are open: the kernel lets go of the wire. From here on silence is a failure. */
  Take: 0x74,
  /** The engine cannot carry the wire for now: it is as if it had failed, but it lives. */
  HandOver: 0x68,
  /** Are you there? */
  Look: 0x6c,
  /** What to do from here on: the octets of `settingsOrder` follow. */
  Settings: 0x73,
  /** The engine ends as it was told to: its silence is none from here on. */
  Goodbye: 0x67,
} as const;
export type Order = (typeof Order)[keyof typeof Order];

/** What may change while it watches. */
export interface WatchdogSettings {
  readonly onFailure: OnFailure;
  /** What becomes of the wire after a clean stop. */
  readonly onStop: OnFailure;
  /** Milliseconds without a sign of life until the watchdog acts; 16 bits. */
  readonly timeout: number;
  readonly logFormat: 'json' | 'text';
}

export interface WatchdogOptions extends WatchdogSettings {
  readonly a: string;
  readonly b: string;
  /** The process that is guarded. */
  readonly engine: number;
  /** The engine carries the wire already: this watchdog replaces one that died. */
  readonly carrying: boolean;
  /** The account it becomes, the same as the engine's: an ordinary process may only end its own kind. */
  readonly user: string | undefined;
}

export type CarriedBy = 'engine' | 'kernel' | 'nobody';

/** The first line is of the bridge as found; the others answer orders. */
export type WatchdogAnswer =
  | {
      /** Microseconds since 1970: since when it is so. */
      readonly at: number;
      readonly carriedBy: CarriedBy;
      /** Times the watchdog took the wire, over all engines since the bridge was made. */
      readonly failovers: number;
      readonly warnings: readonly string[];
    }
  | { readonly refused: string; readonly hint: string | undefined };
