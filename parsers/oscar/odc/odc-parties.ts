/** Who is at which end of a Direct IM connection: the invitation says it, else the frames themselves. */
import { ownCopy } from '../../../src/bytes/text.ts';
import { Direction, type FlowContext, type TransferOffer } from '../../contract.ts';
import {
  isFromListener,
  stopRefused,
  takeProxied,
  transferOf,
} from '../rendezvous/transfer-record.ts';
import { serviceOf } from '../screen-name.ts';
import type { OdcHeader } from './odc-header.ts';

export class OdcParties {
  readonly #context: FlowContext;
  readonly #proxied: string | undefined;
  /** By direction: who speaks in it. */
  readonly #names: [string | undefined, string | undefined] = [undefined, undefined];
  offer: TransferOffer | undefined;
  cookie: string | undefined = undefined;

  constructor(context: FlowContext) {
    this.#context = context;
    this.#proxied = takeProxied(context.memory, context);
    this.offer = context.expected?.offer;
  }

  /** A frame's header; false where its name is neither party's. */
  frame(direction: Direction, header: OdcHeader): boolean {
    const { memory } = this.#context;
    if (this.cookie !== header.cookie) {
      const record =
        transferOf(memory, header.cookie) ??
        (this.#proxied === undefined ? undefined : transferOf(memory, this.#proxied));
      stopRefused(this.#context, record);
      if (record !== undefined) this.offer = record.offer;
      this.cookie = header.cookie;
    }
    const { offer } = this;
    const claimed = header.name;
    const isParty =
      claimed === undefined ||
      offer?.sender === undefined ||
      offer.recipient === undefined ||
      claimed === offer.sender ||
      claimed === offer.recipient;
    if (this.#names[direction] === undefined || (isParty && claimed !== undefined)) {
      this.#names[direction] =
        isParty && claimed !== undefined ? ownCopy(claimed) : this.#byEnd(direction);
    }
    return isParty;
  }

  from(direction: Direction): string | undefined {
    return this.#names[direction];
  }

  to(direction: Direction): string | undefined {
    const other = this.#names[direction === Direction.ToServer ? 1 : 0];
    if (other !== undefined) return other;
    const { offer } = this;
    const own = this.#names[direction];
    if (offer === undefined || own === undefined) return undefined;
    return own === offer.sender ? offer.recipient : offer.sender;
  }

  service(direction: Direction): string {
    return this.offer?.service ?? serviceOf(this.from(direction)) ?? 'aim';
  }

  /** Octets of names. */
  get held(): number {
    const [first = '', second = ''] = this.#names;
    return 2 * (first.length + second.length);
  }

  /** Who listens is the server of the connection. */
  #byEnd(direction: Direction): string | undefined {
    const { offer } = this;
    if (offer === undefined) return undefined;
    const listens = this.#context.expected?.offer.senderListens ?? true;
    return listens === isFromListener(this.#context, direction) ? offer.sender : offer.recipient;
  }
}
