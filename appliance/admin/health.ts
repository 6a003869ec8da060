/** Is the gateway alive, and does it do its work? With the reasons where not. */

import type { GatewayStatus } from '../live/gateway.ts';
import { duration, size } from '../report/amounts.ts';

export interface Health {
  readonly ok: boolean;
  readonly why: readonly string[];
  /** It does its work, and the record of it is in danger: what an administrator must mend. */
  readonly degraded?: readonly string[];
}

/** Milliseconds: workers report each second; much later one of them hangs. */
const OLDEST_SNAPSHOT = 10_000;
/** As the alerts of appliance/deploy/prometheus have them: seconds; part of the spool; octets. */
const LONGEST_LAG = 60;
const SPOOL_FILLS = 0.5;
const LEAST_FREE = 1e9;
/** Milliseconds for which a loss is told of. */
const RECENT = 15 * 60_000;
/** Seconds; checkpoints are made every ten minutes where nothing else is configured. */
const LONGEST_UNSIGNED = 3600;

/** Alive: nothing that only a restart would mend. */
export function health(status: GatewayStatus, now: number): Health {
  const why = status.workers
    .filter(({ alive }) => !alive)
    .map(({ id }) => `worker ${id} is not running`);
  const age = now - status.at;
  if (age > OLDEST_SNAPSHOT) why.push(`no news of the workers for ${Math.round(age / 1000)} s`);
  return { ok: why.length === 0, why };
}

/** Ready: it is alive and policy is applied to every packet. */
export function readiness(status: GatewayStatus, now: number): Health {
  const why = [...health(status, now).why];
  if (!status.ready) why.push('not every worker has its sockets open');
  for (const { name, up } of status.interfaces) if (!up) why.push(`interface ${name} is down`);
  const { carriedBy } = status.wire;
  // A tap reads copies: the wire is not its affair.
  if (status.mode !== 'tap' && carriedBy !== 'engine')
    why.push(`the wire is carried by ${carriedBy}, not by the engine`);
  return { ok: why.length === 0, why, degraded: recordTroubles(status, now) };
}

/**
 * What endangers the record. The gateway is ready all the same: whoever took it off the wire for that would lose
 * what passes meanwhile for certain.
 */
function recordTroubles({ archive }: GatewayStatus, now: number): string[] {
  if (archive === undefined) return [];
  const { up, fault, spoolOctets, spoolSize, lag, lostAt, unsignedFor, purgeWaits, free } = archive;
  const troubles: string[] = [];
  if (!up)
    troubles.push(`the archive cannot be written to${fault === undefined ? '' : `: ${fault}`}`);
  if (lag > LONGEST_LAG) troubles.push(`events wait for the archive for ${duration(lag)}`);
  const part = spoolOctets / spoolSize;
  if (part > SPOOL_FILLS) troubles.push(`the spool is ${Math.round(100 * part)} % full`);
  const left = spoolSize - spoolOctets;
  if (free !== undefined && free < Math.min(left, LEAST_FREE)) {
    troubles.push(`${size(free)} are free where the archive writes`);
  }
  if (lostAt !== undefined && now - lostAt < RECENT) {
    troubles.push(`events were lost to the archive ${duration((now - lostAt) / 1000)} ago`);
  }
  if (purgeWaits !== undefined) troubles.push(purgeWaits);
  if (unsignedFor > LONGEST_UNSIGNED) {
    troubles.push(`records have not been signed for ${duration(unsignedFor)}`);
  }
  return troubles;
}
