/** The one line that says that a gateway runs, on what, and with what. */
import { readTarget } from '../archive/target.ts';
import type { GatewaySettings } from '../config/settings.ts';
import { counted } from '../report/amounts.ts';
import type { OpenedInterface } from './control.ts';
import type { LivePolicy } from './live-policy.ts';

export function readyLine(
  settings: GatewaySettings,
  opened: readonly OpenedInterface[],
  policy: LivePolicy,
  admin: string | undefined,
): string {
  const { mode, workers, eventsFile, archive } = settings;
  const where = opened.map(({ name, backend, remark }) =>
    remark === undefined ? `${name} (${backend})` : `${name} (${backend}: ${remark})`,
  );
  const parts = [
    `${DOING[mode]} ${where.join(mode === 'inline' ? ' ⇄ ' : ', ')}`,
    counted(workers, 'worker'),
    policy.order.octets === undefined
      ? 'no policy: everything passes'
      : counted(policy.rules, 'rule'),
    ...(eventsFile === undefined
      ? []
      : [`events to ${eventsFile === '-' ? 'standard output' : eventsFile}`]),
    ...(archive.store === undefined ? [] : [`archive ${archiveName(archive)}`]),
    ...(admin === undefined ? [] : [`admin on ${admin}`]),
  ];
  return `ready: ${parts.join('; ')}`;
}

function archiveName({ store = '', home }: GatewaySettings['archive']): string {
  const target = readTarget(store, home);
  return target.kind === 'sqlite' ? target.path : target.shown;
}

const DOING: Readonly<Record<GatewaySettings['mode'], string>> = {
  tap: 'reading',
  inline: 'carrying',
  nfqueue: 'deciding on',
};
