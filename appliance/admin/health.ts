/** Is the gateway alive, and does it do its work? With the reasons where not. */
import type { GatewayStatus } from '../live/gateway.ts';

export interface Health {
  readonly ok: boolean;
  readonly why: readonly string[];
}

/** Milliseconds: workers report each second; much later one of them hangs. */
const OLDEST_SNAPSHOT = 10_000;

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
  return { ok: why.length === 0, why };
}
