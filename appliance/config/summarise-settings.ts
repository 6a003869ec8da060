/** What would run, for people: a name and a value a line. */
import { DEFAULT_SERVICES, type ServiceSettings } from './service-settings.ts';
import type { GatewaySettings } from './settings.ts';

type Line = [name: string, value: string];

export function summariseSettings(settings: GatewaySettings): Line[] {
  const { mode, workers, pinWorkers, policy, eventsFile, admin, user, log, limits } = settings;
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
