/**
 * Which offer a file belongs to: by the cookie in the header, else by the proxy's cookie or by where
 * the connection was announced (a prompt may carry a zero cookie), if the file may be the one offered.
 */
import type { Direction, FlowContext, TransferOffer } from '../../contract.ts';
import {
  isFromListener,
  stopRefused,
  takeProxied,
  transferOf,
} from '../rendezvous/transfer-record.ts';
import { OftAnomaly } from './anomalies.ts';
import type { OftHeader } from './oft-header.ts';
import type { OftTransfer } from './oft-transfer.ts';

export class OftTies {
  readonly #context: FlowContext;
  #proxied: string | undefined;

  constructor(context: FlowContext) {
    this.#context = context;
    this.#proxied = takeProxied(context.memory, context);
  }

  /** `cookie`: of the prompt or of the receiver's answer to it. */
  tie(transfer: OftTransfer, cookie: string): void {
    const { memory, expected } = this.#context;
    const proxied = this.#proxied === undefined ? undefined : transferOf(memory, this.#proxied);
    const record = transferOf(memory, cookie) ?? transfer.record ?? proxied;
    if (record !== undefined) {
      stopRefused(this.#context, record);
      transfer.record = record;
      transfer.offer = record.offer;
      return;
    }
    const announced = expected?.offer;
    if (announced === undefined) return;
    transfer.offer = announced;
    const known = announced.token === undefined ? undefined : transferOf(memory, announced.token);
    transfer.record = known;
  }

  /** What is different from what was offered. */
  differences({ header, record, offer, direction }: OftTransfer): OftAnomaly[] {
    const found: OftAnomaly[] = [];
    if (offer === undefined) return found;
    const files = record?.files ?? 1;
    const several = files > 1 || header.files > 1 || /[\\/]\*$/.test(offer.name ?? '');
    if (!several && !isSameName(offer.name, header)) found.push(OftAnomaly.NameDiffers);
    const size = several ? header.totalSize : header.size;
    if (offer.size !== undefined && offer.size !== size) found.push(OftAnomaly.SizeDiffers);
    if (this.#againstOffer(offer, direction)) found.push(OftAnomaly.DirectionDiffers);
    return found;
  }

  /** Told only where the connection is the announced one: it says who listens. */
  #againstOffer(offer: TransferOffer, direction: Direction): boolean {
    const { expected } = this.#context;
    const listens = expected?.offer.senderListens;
    if (listens === undefined || expected?.offer.token !== offer.token) return false;
    return listens !== isFromListener(this.#context, direction);
  }
}

/** A name without its folders, where either side leaves them out. */
function isSameName(offered: string | undefined, { name }: OftHeader): boolean {
  if (offered === undefined || name === undefined || offered === name) return true;
  return baseName(offered) === baseName(name);
}

function baseName(name: string): string {
  return name.slice(1 + Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')));
}
