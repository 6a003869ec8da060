/** What would run, for people: a name and a value a line. */
import { readTarget } from '../archive/target.ts';
import { DEFAULT_SERVICES, type ServiceSettings } from './service-settings.ts';
import type { ArchiveSettings, GatewaySettings } from './settings.ts';

type Line = [name: string, value: string];

export function summariseSettings(settings: GatewaySettings): Line[] {
  const { mode, workers, pinWorkers, policy, eventsFile, archive, admin, user, log, limits } =
    settings;
  const pinned = pinWorkers ? ', each on its own CPU' : '';
  const lines: Line[] = [
    [
      'mode',
      `${mode}${whereOf(settings)}, ${workers} ${workers === 1 ? 'worker' : 'workers'}${pinned}`,
    ],
    ...ofMode(settings),
    ['rules', rulesOf(policy.rules)],
  ];
  if (policy.directory !== undefined) lines.push(['directory', policy.directory]);
  lines.push(['services', servicesOf(policy.services)]);
  lines.push(['reload', policy.watch ? 'when a file changes, and on SIGHUP' : 'on SIGHUP']);
  lines.push(['events', eventsFile === '-' ? 'standard output' : (eventsFile ?? 'not written')]);
  for (const output of settings.outputs) lines.push(['output', outputLine(output)]);
  lines.push(...archiveLines(archive));
  lines.push(['admin', adminOf(admin)]);
  if (user !== undefined) lines.push(['user', user]);
  lines.push(['log', `${log.level} and worse, as ${log.format}`]);
  const changed = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
  if (changed.length > 0) lines.push(['limits', changed.join(', ')]);
  return lines;
}

function whereOf({ mode, interfaces, queue, workers }: GatewaySettings): string {
  if (mode === 'inline') return ` ${interfaces.join(' ⇄ ')}`;
  if (mode === 'tap') return ` ${interfaces.join(', ')}`;
  const last = queue.number + workers - 1;
  return workers === 1 ? ` ${queue.number}` : ` ${queue.number} to ${last}`;
}

function ofMode({ mode, capture, tap, inline, queue }: GatewaySettings): Line[] {
  const hold: Line = [
    'hold',
    `at most ${inline.holdTime} ms, ${inline.holdOctets} octets a direction`,
  ];
  const ring = `${Math.round(capture.ringOctets / 2 ** 20)} MiB of ring each`;
  switch (mode) {
    case 'tap': {
      const filter = capture.filter === undefined ? '' : `, only '${capture.filter}'`;
      const { resetInterface } = tap;
      return [
        ['capture', `${capture.backend}, ${ring}${filter}`],
        [
          'resets',
          resetInterface === undefined ? 'none: it only looks' : `out of ${resetInterface}`,
        ],
      ];
    }
    case 'inline': {
      const after = `after ${inline.failureTimeout} ms without a sign of life`;
      return [
        ['capture', ring],
        [
          'on failure',
          `${inline.onFailure === 'open' ? 'everything passes' : 'nothing passes'}, ${after}`,
        ],
        hold,
      ];
    }
    case 'nfqueue':
      return [
        ['queue', `${queue.maxLength} packets, mark 0x${queue.mark.toString(16)}`],
        ['on failure', queue.onFailure === 'open' ? 'everything passes' : 'nothing passes'],
        hold,
      ];
  }
}

function rulesOf(rules: readonly string[] | undefined): string {
  if (rules === undefined) return 'as shipped';
  return rules.length === 0 ? 'none: everything passes' : rules.join(', ');
}

function servicesOf({ shipped, paths }: ServiceSettings = DEFAULT_SERVICES): string {
  if (paths.length === 0) return shipped ? 'as shipped' : 'none: what cannot be read is not named';
  return shipped ? `as shipped, and ${paths.join(', ')}` : paths.join(', ');
}

function adminOf({ listen, metrics, tokenFile }: GatewaySettings['admin']): string {
  if (listen === undefined) return 'none';
  const { address, port } = listen;
  const readers = { loopback: 'this host', token: 'the token', open: 'everybody' }[metrics];
  const token = tokenFile === undefined ? '' : `, token in ${tokenFile}`;
  return `${address.includes(':') ? `[${address}]` : address}:${port}, metrics for ${readers}${token}`;
}

function archiveLines(archive: ArchiveSettings): Line[] {
  const { store, keep, spool, encryption, retention, purgeAt } = archive;
  if (store === undefined) return [['archive', 'none']];
  const target = readTarget(store, archive.home);
  const { keyFile, keyCommand, index } = encryption;
  const key = keyFile ?? keyCommand?.[0];
  const sealed =
    key === undefined
      ? 'not encrypted'
      : `encrypted (key of ${key}), ${index === 'off' ? 'without an index' : 'with a blind index'}`;
  const purged = purgeAt === undefined ? 'purged by command' : `purged at ${timeOfDay(purgeAt)}`;
  return [
    ['archive', `${target.kind === 'sqlite' ? target.path : target.shown}, ${sealed}`],
    ['', `keeps ${KEPT[keep]}, where no rule says otherwise`],
    ['', `${retentionOf(retention)}, ${purged}`],
    ['', `home ${target.home}, spool of ${Math.round(spool.size / 2 ** 20)} MiB`],
  ];
}

const KEPT = { full: 'everything', metadata: 'everything but content', none: 'counts alone' };

function retentionOf(retention: ArchiveSettings['retention']): string {
  if (retention.length === 0) return 'kept for ever';
  return retention
    .map(({ service, group, tag, days }) => {
      const parts = [service, group && `group ${group}`, tag && `tag ${tag}`];
      const what = parts.filter((part) => part !== undefined).join(' and ');
      return `${what === '' ? 'all else' : what} ${days} days`;
    })
    .join(', ');
}

function timeOfDay(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function outputLine({ file, format, content, rotate }: GatewaySettings['outputs'][number]): string {
  const { size, every, keep } = rotate;
  const when = [
    size && `at ${Math.round(size / 2 ** 20)} MiB`,
    every && `every ${every / 60_000} min`,
  ].filter((part) => part !== undefined);
  const rotated = when.length === 0 ? 'not rotated' : `rotated ${when.join(' and ')}, ${keep} kept`;
  return `${file} as ${format}${content ? '' : ', without content'}, ${rotated}`;
}
