/**
 * What a new configuration changes at once, and what only a restart can change: interfaces, rings, threads and
 * accounts are chosen when a gateway starts.
 */
import { LIMIT_BOUNDS, type LimitName } from './limit-bounds.ts';
import { DEFAULT_SERVICES } from './service-settings.ts';
import type { ArchiveSettings, GatewaySettings } from './settings.ts';

type Named = readonly [name: string, of: (settings: GatewaySettings) => unknown];

/** Limits that are asked whenever something would grow; the others size tables and pools at the start. */
const LIMITS_AT_ONCE: ReadonlySet<LimitName> = new Set([
  'fragmentedDatagrams',
  'fragmentTimeout',
  'identificationOctets',
  'identificationDatagrams',
  'identificationFlows',
  'sessions',
  'recognisers',
  'recognisedFlows',
  'parserOctets',
  'retainedTotal',
  'heldTotal',
  'asidePerDirection',
  'asideTotal',
]);

const LIMIT_NAMES = Object.keys(LIMIT_BOUNDS) as LimitName[];

/** Settings of the file by the settings that they become. */
const NAMES: readonly Named[] = [
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
  ['services', (s) => s.policy.services?.paths ?? DEFAULT_SERVICES.paths],
  ['shipped-services', (s) => s.policy.services?.shipped ?? DEFAULT_SERVICES.shipped],
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
  ['outputs', (s) => s.outputs],
  ['archive.store', (s) => s.archive.store],
  ['archive.home', (s) => s.archive.home],
  ['archive.keep', (s) => s.archive.keep],
  ['archive.thread-gap', (s) => s.archive.threadGap],
  ['archive.spool.size', (s) => s.archive.spool.size],
  ['archive.spool.sync', (s) => s.archive.spool.sync],
  ['archive.checkpoints.every', (s) => s.archive.checkpoints.every],
  ['archive.checkpoints.records', (s) => s.archive.checkpoints.records],
  ['archive.encryption.key-file', (s) => s.archive.encryption.keyFile],
  ['archive.encryption.key-command', (s) => s.archive.encryption.keyCommand],
  ['archive.encryption.index', (s) => s.archive.encryption.index],
  ['archive.retention', (s) => s.archive.retention],
  ['archive.purge-at', (s) => s.archive.purgeAt],
  ['archive.files.largest', (s) => s.archive.files.largest],
  ['archive.files.total', (s) => s.archive.files.total],
  ['user', (s) => s.user],
  ['log.level', (s) => s.log.level],
  ['log.format', (s) => s.log.format],
  ...LIMIT_NAMES.map((name): Named => [`limits.${name}`, (s) => s.limits[name]]),
];

/** Settings that a reload puts into force: those that `settingsAtOnce` takes over. */
export const AT_ONCE: ReadonlySet<string> = new Set([
  'rules',
  'directory',
  'services',
  'shipped-services',
  'watch',
  'events',
  'admin.listen',
  'admin.token-file',
  'admin.metrics',
  'tap.reset-interface',
  'inline.on-failure',
  'inline.on-stop',
  'inline.failure-timeout',
  'inline.hold-time',
  'inline.hold-octets',
  'queue.max-length',
  'queue.on-failure',
  'outputs',
  'archive.keep',
  'archive.spool.size',
  'archive.spool.sync',
  'archive.checkpoints.every',
  'archive.checkpoints.records',
  'archive.retention',
  'archive.purge-at',
  'archive.files.largest',
  'archive.files.total',
  'log.level',
  'log.format',
  ...[...LIMITS_AT_ONCE].map((name) => `limits.${name}`),
]);

/** Every setting, as a path into the file. */
export const SETTING_NAMES: readonly string[] = NAMES.map(([name]) => name);

/** Paths into the file of what differs. */
export function changedSettings(running: GatewaySettings, next: GatewaySettings): string[] {
  return NAMES.filter(([, of]) => !isSame(of(running), of(next))).map(([name]) => name);
}

/** What a gateway that was started with `started` runs by when its file says `next`. */
export function settingsAtOnce(started: GatewaySettings, next: GatewaySettings): GatewaySettings {
  const { policy, eventsFile, outputs, admin, tap, inline, log } = next;
  const { maxLength, onFailure } = next.queue;
  const queue = { ...started.queue, maxLength, onFailure };
  const limits: Record<string, number> = {};
  for (const name of LIMIT_NAMES) {
    const limit = (LIMITS_AT_ONCE.has(name) ? next : started).limits[name];
    if (limit !== undefined) limits[name] = limit;
  }
  const archive = archiveAtOnce(started.archive, next.archive);
  const files = { eventsFile, outputs, archive };
  return { ...started, ...files, policy, admin, tap, inline, queue, log, limits };
}

/** Where the record is, its keys and its threads are chosen when it is opened. */
function archiveAtOnce(started: ArchiveSettings, next: ArchiveSettings): ArchiveSettings {
  const { store, home, threadGap, encryption } = started;
  return { ...next, store, home, threadGap, encryption };
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The order of keys is nobody's wish. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
