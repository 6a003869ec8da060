/**
 * STUN over UDP, and what shares its flow (RFC 7983 §7): DTLS, TURN channels and media are passed over. A datagram that
 * is none of them is looked at as the first of a new flow: nobody hides what he says behind one message of STUN.
 */
import {
  ANY_PROTOCOL,
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
} from '../contract.ts';
import { StunCall } from './call.ts';

const HELD = 512; // octets: the objects of one flow

export class StunDatagramParser implements FlowParser {
  readonly #call: StunCall;

  constructor(context: FlowContext) {
    this.#call = new StunCall(context);
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (octets.length === 0) return Status.More;
    const status = this.#call.message(direction, octets, sink);
    if (status !== undefined) return status;
    if (sharesFlow(octets)) return this.#call.count(sink);
    const toServer = direction === Direction.ToServer;
    sink.handOver(
      ANY_PROTOCOL,
      'after STUN',
      toServer ? octets : undefined,
      toServer ? undefined : octets,
    );
    return Status.HandOver;
  }

  gap(): Status {
    return Status.More;
  }

  end(_direction: Direction, sink: ParserSink): void {
    this.#call.ask(sink);
  }

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return HELD;
  }
}

/** ZRTP, DTLS, a TURN channel, RTP or RTCP, by the first octet; ff 10 is Microsoft's TURN around one of them. */
function sharesFlow(octets: Uint8Array): boolean {
  const first = octets[0] ?? 0;
  if (first < 0x40) return first >= 16;
  if (first < 0x50) return channelFits(octets);
  return (first >= 0x80 && first < 0xc0) || (first === 0xff && octets[1] === 0x10);
}

/** A channel's number and length: letters begin so too. */
function channelFits(octets: Uint8Array): boolean {
  const length = ((octets[2] ?? 0) << 8) | (octets[3] ?? 0);
  return octets.length >= 4 + length && octets.length <= 4 + length + 3;
}
