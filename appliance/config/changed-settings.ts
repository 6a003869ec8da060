/** What a new configuration changes at once, and what only a restart can change. */
import type { GatewaySettings } from './settings.ts';

/** Settings of the file by the settings that they become; those in AT_ONCE need no restart. */
const NAMES: readonly (readonly [name: string, of: (settings: GatewaySettings) => unknown])[] = [
  ['mode', (s) => s.mode],
  ['interfaces', (s) => s.interfaces],
  ['capture.backend', (s) => s.capture.backend],
  ['capture.filter', (s) => s.capture.filter],
  ['capture.ring', (s) => s.capture.ringOctets],
  ['capture.snap-length', (s) => s.capture.snapLength],
  ['capture.promiscuous', (s) => s.capture.promiscuous],
  ['capture.hardware-time', (s) => s.capture.hardwareTime],
  ['workers', (s) => s.workers],
  ['pin-workers', (s) => s.pinWorkers],
  ['rules', (s) => s.policy.rules],
  ['directory', (s) => s.policy.directory],
  ['watch', (s) => s.policy.watch],
  ['events', (s) => s.eventsFile],
  ['admin.listen', (s) => s.admin.listen],
  ['admin.token-file', (s) => s.admin.tokenFile],
  ['admin.metrics', (s) => s.admin.metrics],
  ['tap.reset-interface', (s) => s.tap.resetInterface],
  ['inline.on-failure', (s) => s.inline.onFailure],
  ['inline.on-stop', (s) => s.inline.onStop],
  ['inline.failure-timeout', (s) => s.inline.failureTimeout],
  ['inline.hold-time', (s) => s.inline.holdTime],
  ['inline.hold-octets', (s) => s.inline.holdOctets],
  ['queue.number', (s) => s.queue.number],
  ['queue.mark', (s) => s.queue.mark],
  ['queue.max-length', (s) => s.queue.maxLength],
  ['queue.on-failure', (s) => s.queue.onFailure],
  ['user', (s) => s.user],
  ['log.level', (s) => s.log.level],
  ['log.format', (s) => s.log.format],
  ['limits', (s) => s.limits],
];

/** Settings that a reload puts into force. */
export const AT_ONCE: ReadonlySet<string> = new Set(['rules', 'directory', 'watch', 'log.level']);

/** Every setting, as a path into the file. */
export const SETTING_NAMES: readonly string[] = NAMES.map(([name]) => name);

/** Paths into the file of what differs. */
export function changedSettings(running: GatewaySettings, next: GatewaySettings): string[] {
  return NAMES.filter(([, of]) => !isSame(of(running), of(next))).map(([name]) => name);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The order of keys is nobody's wish. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
