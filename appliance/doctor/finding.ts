/** One thing that the doctor looked at: how it is, and what to type where it is not well. */
import type { GatewayMode, GatewaySettings } from '../config/settings.ts';

export interface Finding {
  /** warn: works, with a drawback. fail: the gateway would not start, or not do its work. */
  readonly level: 'ok' | 'warn' | 'fail';
  /** One line. */
  readonly what: string;
  /** A command to type, or what to do. */
  readonly fix?: string;
}

export interface Subject {
  readonly settings: GatewaySettings;
  /** The mode that will run; undefined where only interfaces, or nothing, were named. */
  readonly mode: GatewayMode | undefined;
}

export interface Check {
  readonly area: string;
  readonly run: (subject: Subject) => readonly Finding[];
}

export const ok = (what: string): Finding => ({ level: 'ok', what });
export const warn = (what: string, fix?: string): Finding => made('warn', what, fix);
export const fail = (what: string, fix?: string): Finding => made('fail', what, fix);

/** A fault where the mode that will run is among `modes`, else only something to know. */
export function missing(
  { mode }: Subject,
  modes: readonly GatewayMode[],
  what: string,
  fix?: string,
): Finding {
  if (mode !== undefined)
    return modes.includes(mode) ? fail(what, fix) : ok(`${what} (not needed)`);
  return warn(`${what} (for ${modes.join(', ')})`, fix);
}

function made(level: Finding['level'], what: string, fix: string | undefined): Finding {
  return fix === undefined ? { level, what } : { level, what, fix };
}
