/** Who claims a name or a network: several may, at different ports. */
import type { ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import type { PortRange, Transport } from './catalogue.ts';

export interface Claim {
  readonly match: ServiceMatch;
  /** Empty: at any port. */
  readonly ports: readonly PortRange[];
  /** Undefined: over either. */
  readonly transport: Transport | undefined;
}

/** The first claim that holds at this port (0: not known, any holds); those with ports come before those without. */
export function claimAt(
  claims: readonly Claim[] | undefined,
  port: number,
  transport: Transport | undefined,
): ServiceMatch | undefined {
  if (claims === undefined) return undefined;
  for (let i = 0; i < claims.length; i++) {
    const claim = claims[i];
    if (claim !== undefined && holds(claim, port, transport)) return claim.match;
  }
  return undefined;
}

function holds(claim: Claim, port: number, transport: Transport | undefined): boolean {
  if (claim.transport !== undefined && claim.transport !== transport) return false;
  const { ports } = claim;
  if (ports.length === 0 || port === 0) return true;
  for (let i = 0; i < ports.length; i++) {
    const range = ports[i];
    if (range !== undefined && port >= range[0] && port <= range[1]) return true;
  }
  return false;
}

export function addClaim(claims: Claim[], claim: Claim): void {
  const special = claim.ports.length > 0 || claim.transport !== undefined;
  if (special) claims.unshift(claim);
  else claims.push(claim);
}
