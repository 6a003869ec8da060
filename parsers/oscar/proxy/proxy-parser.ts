/**
 * The opening of a proxied rendezvous connection; behind it, OFT or Direct IM go on in both directions,
 * found again by the cookie of the client's create or join.
 */
import { u16be } from '../../../src/bytes/read.ts';
import {
  ANY_PROTOCOL,
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
} from '../../contract.ts';
import { OctetHold } from '../../framing/octet-hold.ts';
import { Purpose } from '../rendezvous/capability.ts';
import { rememberProxied, stopRefused, transferOf } from '../rendezvous/transfer-record.ts';
import { ProxyAnomaly } from './anomalies.ts';
import {
  frameLength,
  PROXY_HEAD,
  type ProxyRequest,
  ProxyType,
  readRequest,
  VERSION,
} from './proxy-frame.ts';
import { FRAME_MOST, FRAMES_MOST, PROXY_HELD } from './proxy-limits.ts';

const NOTHING = new Uint8Array(0);

export class OscarProxyParser implements FlowParser {
  readonly #context: FlowContext;
  readonly #holds = [new OctetHold(), new OctetHold()] as const;
  #request: ProxyRequest | undefined = undefined;
  #frames = 0;

  constructor(context: FlowContext) {
    this.#context = context;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const hold = this.#holds[direction];
    for (let at = 0; at < octets.length; ) {
      // Octets behind the request are for when the proxy is ready.
      if (direction === Direction.ToServer && this.#request !== undefined) {
        return this.#early(octets.subarray(at), sink);
      }
      const wanted = hold.used < 2 ? 2 : frameLength(hold.buffer, 0);
      const end = Math.min(octets.length, at + wanted - hold.used);
      hold.append(octets, at, end);
      at = end;
      if (hold.used < 2) break;
      const length = frameLength(hold.buffer, 0);
      if (length < PROXY_HEAD || length > FRAME_MOST) return this.#lost(direction, sink);
      if (hold.used < length) continue;
      const status = this.#frame(direction, hold.buffer, length, octets.subarray(at), sink);
      if (status !== Status.More) return status;
      hold.release();
    }
    return Status.More;
  }

  gap(_direction: Direction, _octets: number, _sink: ParserSink): Status {
    return Status.Lost;
  }

  end(): void {}

  /** Nothing here is refused: what is offered was judged on the pager's connection. */
  holdFrom(): number {
    return -1;
  }

  held(): number {
    return PROXY_HELD + this.#holds[0].size + this.#holds[1].size;
  }

  #frame(
    direction: Direction,
    frame: Uint8Array,
    length: number,
    rest: Uint8Array,
    sink: ParserSink,
  ): Status {
    const type = u16be(frame, 4);
    if (u16be(frame, 2) !== VERSION || ++this.#frames > FRAMES_MOST) {
      return this.#lost(direction, sink);
    }
    const byClient = direction === Direction.ToServer;
    if (byClient && (type === ProxyType.Create || type === ProxyType.Join)) {
      this.#request = readRequest(frame, 0, length);
      if (this.#request === undefined) return this.#lost(direction, sink);
      return Status.More;
    }
    if (!byClient && type === ProxyType.Ready) return this.#handOver(NOTHING, rest, sink);
    if (!byClient && type === ProxyType.Error) return Status.Done;
    if (byClient || type !== ProxyType.Created) sink.anomaly(ProxyAnomaly.UnknownFrame, direction);
    return Status.More;
  }

  /** Content that follows the request at once, or whose "ready" is not in the capture. */
  #early(rest: Uint8Array, sink: ParserSink): Status {
    sink.anomaly(ProxyAnomaly.EarlyContent, Direction.ToServer);
    return this.#handOver(rest, NOTHING, sink);
  }

  #handOver(toServer: Uint8Array, toClient: Uint8Array, sink: ParserSink): Status {
    const { memory } = this.#context;
    const request = this.#request;
    const record = request && transferOf(memory, request.cookie);
    const method = record?.offer.method;
    stopRefused(this.#context, record);
    const purpose = request?.purpose;
    if (request !== undefined) rememberProxied(memory, this.#context, request.cookie);
    const isDirect =
      purpose === Purpose.DirectIm || (purpose === Purpose.Unknown && method === 'odc');
    const isFile = purpose === Purpose.SendFile || purpose === Purpose.GetFile || method === 'oft';
    const protocol = isDirect ? 'odc' : isFile ? 'oft' : ANY_PROTOCOL;
    sink.handOver(protocol, 'rendezvous proxy', toServer, toClient);
    return Status.HandOver;
  }

  #lost(direction: Direction, sink: ParserSink): Status {
    sink.anomaly(ProxyAnomaly.BadFrame, direction);
    return Status.Lost;
  }
}
