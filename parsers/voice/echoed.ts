/**
 * Protocols that neither a question nor its answer alone tells, but both together: the answer brings back what the
 * question had. `tokenOf` finds it in either.
 */
import type { Activity } from '../../src/event/event.ts';
import { Direction, type FlowContext, Probe, type ProtocolDefinition } from '../contract.ts';
import { MarkedDatagrams, OTHER, WAIT } from './marked-datagrams.ts';
import { signatureFacts } from './one-datagram.ts';

/** Questions that are remembered while their answer is waited for. */
const QUESTIONS = 8;

export interface Echoed {
  readonly name: string;
  readonly signature: string;
  readonly activity?: Activity;
  readonly ports?: readonly number[];
  readonly firstOctets?: string;
  readonly reason: string;
  isQuestion(octets: Uint8Array): boolean;
  isAnswer(octets: Uint8Array): boolean;
  /** A number of what the answer has to bring back. */
  tokenOf(octets: Uint8Array, isAnswer: boolean): number;
  /** Whether a datagram that is neither may be of the protocol. */
  isBesides?(octets: Uint8Array): boolean;
}

export function echoed(protocol: Echoed): ProtocolDefinition {
  const { name, activity, ports = [], firstOctets } = protocol;
  return {
    name,
    transport: 'udp',
    opaque: true,
    ...(activity ? { activity } : {}),
    ports,
    probeLimit: 65_535,
    ...(firstOctets === undefined ? {} : { firstOctets }),
    probe(direction, octets) {
      if (octets.length === 0) return Probe.More;
      const asks = direction === Direction.ToServer && protocol.isQuestion(octets);
      return asks ? Probe.Yes : Probe.No;
    },
    create: (_context: FlowContext) => new MarkedDatagrams(lookOf(protocol)),
  };
}

function lookOf(protocol: Echoed) {
  const facts = signatureFacts(protocol.signature, protocol.reason);
  /** Tokens of the questions; the oldest goes first. */
  const asked: number[] = [];
  return (direction: Direction, octets: Uint8Array) => {
    if (direction === Direction.ToServer && protocol.isQuestion(octets)) {
      if (asked.length === QUESTIONS) asked.shift();
      asked.push(protocol.tokenOf(octets, false));
      return WAIT;
    }
    const answers = direction === Direction.ToClient && protocol.isAnswer(octets);
    if (answers && asked.includes(protocol.tokenOf(octets, true))) return facts;
    // An answer to what was asked before the flow was seen, or lost, waits for the next one.
    return answers || protocol.isBesides?.(octets) === true ? WAIT : OTHER;
  };
}
