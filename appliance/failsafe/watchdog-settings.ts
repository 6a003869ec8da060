/**
 * New settings as octets on the channel to a watchdog, behind their order:
 *
 *     flags(1)     bit 0: open when the engine fails; bit 1: open when it is stopped; bit 2: logs JSON
 *     timeout(2)   milliseconds, high octet first
 */
import { Order, type WatchdogSettings } from './watchdog-protocol.ts';

/** Octets behind the order. */
export const SETTINGS_OCTETS = 3;

const OPEN_ON_FAILURE = 1;
const OPEN_ON_STOP = 2;
const JSON_LOG = 4;

/** With the order itself. */
export function settingsOrder(settings: WatchdogSettings): Uint8Array {
  const { onFailure, onStop, timeout, logFormat } = settings;
  const flags =
    (onFailure === 'open' ? OPEN_ON_FAILURE : 0) |
    (onStop === 'open' ? OPEN_ON_STOP : 0) |
    (logFormat === 'json' ? JSON_LOG : 0);
  return Uint8Array.of(Order.Settings, flags, timeout >>> 8, timeout);
}

/** `octets`: SETTINGS_OCTETS of them. */
export function readSettings([flags = 0, high = 0, low = 0]: readonly number[]): WatchdogSettings {
  return {
    onFailure: (flags & OPEN_ON_FAILURE) !== 0 ? 'open' : 'closed',
    onStop: (flags & OPEN_ON_STOP) !== 0 ? 'open' : 'closed',
    timeout: (high << 8) | low,
    logFormat: (flags & JSON_LOG) !== 0 ? 'json' : 'text',
  };
}
