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
  /** Where the answer may come before the question: both ends ask. */
  readonly eitherAsks?: boolean;
  isQuestion(octets: Uint8Array): boolean;
  isAnswer(octets: Uint8Array): boolean;
  /** A number of what the answer has to bring back. */
  tokenOf(octets: Uint8Array, isAnswer: boolean): number;
  /** Whether a datagram that is neither may be of the protocol. */
  isBesides?(octets: Uint8Array): boolean;
}

export function echoed(protocol: Echoed): ProtocolDefinition {
  const { name, activity, ports = [], firstOctets, eitherAsks = false } = protocol;
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
      const asks = eitherAsks || direction === Direction.ToServer;
      return asks && protocol.isQuestion(octets) ? Probe.Yes : Probe.No;
    },
    create: (_context: FlowContext) => new MarkedDatagrams(lookOf(protocol, eitherAsks)),
  };
}

function lookOf(protocol: Echoed, eitherAsks: boolean) {
  const { signature, reason } = protocol;
  /** Tokens of the questions, by who asked; the oldest goes first. */
  const asked: readonly [number[], number[]] = [[], []];
  return (direction: Direction, octets: Uint8Array) => {
    const other = direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
    if (protocol.isAnswer(octets) && asked[other].includes(protocol.tokenOf(octets, true))) {
      return signatureFacts(signature, reason);
    }
    if ((eitherAsks || direction === Direction.ToServer) && protocol.isQuestion(octets)) {
      const tokens = asked[direction];
      if (tokens.length === QUESTIONS) tokens.shift();
      tokens.push(protocol.tokenOf(octets, false));
      return WAIT;
    }
    return protocol.isBesides?.(octets) === true ? WAIT : OTHER;
  };
}
