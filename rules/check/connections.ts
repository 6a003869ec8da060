/** What becomes of a rule about connections (`flow.*`): the connection is refused, or it is not. */
import { ACTIVITIES } from '../../src/event/event.ts';
import type { Rule } from '../policy/policy.ts';
import {
  type Answer,
  FULL,
  type Means,
  type Mode,
  not,
  noting,
  partly,
  REPLAYED,
} from './answer.ts';
import { askedOf } from './asked.ts';
import { DATAGRAM_PROTOCOLS, PROTOCOLS, RECOGNISED_PROTOCOLS } from './protocols.ts';
import { type ServiceNature, UNKNOWN } from './services.ts';

export function isOfConnections({ kinds }: Rule): boolean {
  return kinds.every((kind) => kind.startsWith('flow.'));
}

/** That the service shows none of the activities that the rule asks for; undefined: it shows one. */
export function untold(rule: Rule, { activities }: ServiceNature): string | undefined {
  const asked = askedOf(rule, 'activity', [...ACTIVITIES, UNKNOWN]);
  if (asked === undefined || [...activities].some((told) => asked.has(told))) return undefined;
  const wanted = [...asked].filter((one) => one !== UNKNOWN);
  return `none of its connections is told to be for ${wanted.join(' or ')}`;
}

/** `then` of a rule about connections, and `tell`. */
export function ofConnections(rule: Rule, mode: Mode, means: Means): readonly Answer[] {
  return [ofRefusal(rule, mode, means), ofNotice(rule)];
}

function ofRefusal(rule: Rule, mode: Mode, { resets }: Means): Answer {
  const { action = 'pass', kinds } = rule;
  if (action === 'pass') return FULL;
  if (mode === 'replay') return REPLAYED;
  if (kinds.every((kind) => kind === 'flow.end')) return not('the connection is over by then');
  if (mode === 'tap') {
    if (resets !== true) return not(`tap mode sees copies of packets: it cannot ${action}`);
    if (isOfDatagrams(rule)) return not('a tap cannot stop datagrams');
    return partly(
      'over TCP both sides are reset once its first message went by; datagrams (QUIC, calls) cannot be stopped',
    );
  }
  if (action === 'drop' || action === 'reset') {
    return noting('the connection is refused at the message that tells it, most often its first');
  }
  return partly('a connection has no parts to take out or to keep back: it is refused');
}

function ofNotice({ tell }: Rule): Answer {
  if (tell === undefined) return FULL;
  return partly('there is no conversation to write into: nobody is told');
}

/** Whether the rule is of nothing but UDP. */
function isOfDatagrams(rule: Rule): boolean {
  const transports = askedOf(rule, 'flow.transport', ['tcp', 'udp']);
  if (transports?.has('tcp') === false) return true;
  const protocols = askedOf(rule, 'protocol', [...PROTOCOLS.keys(), ...RECOGNISED_PROTOCOLS]);
  return protocols !== undefined && [...protocols].every((name) => DATAGRAM_PROTOCOLS.has(name));
}
