/**
 * Where the data of a session will come: the bodies of transport requests and answers (dossier §8).
 *
 *   Bridge: TCPv1        Listening: true        Nonce: {GUID}   or   Hashed-Nonce: {GUID}
 *   IPv4Internal-Addrs: 10.0.0.5 10.0.1.5       IPv4Internal-Port: 5190        (External the same; IPv6-Addrs)
 *   IPv4ExternalAddrsAndPorts: 192.0.2.5:5190   (from 2009 on)
 *
 * Names may be spelt backwards, and then their values are, too.
 */
import { boundedCopy } from '../../../src/bytes/text.ts';
import type { TransferOffer } from '../../contract.ts';
import type { HeaderBlock } from '../../framing/header-block.ts';
import type { PeerHost } from '../conversation.ts';
import { P2pAnomaly } from './anomalies.ts';
import { type Dialog, keptOrNot, otherThan } from './dialogs.ts';
import { canonicalGuid } from './guid.ts';
import { ADDRESSES_LIMIT, TEXT_LIMIT } from './p2p-limits.ts';

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const IPV6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/;
const JOINED = /^\[?([0-9a-fA-F:.]{2,45}?)\]?:(\d{1,5})$/;
const FAMILIES = ['ipv4internal', 'ipv4external', 'ipv6'];

/** What the reader of a direct connection finds under its nonce, in the family's memory. */
export interface AnnouncedNonce {
  /** Who announced it, and the other one. */
  readonly owner: string | undefined;
  readonly other: string | undefined;
  readonly account: string | undefined;
  /** Whether the owner waits for the connection; undefined: not said. */
  readonly listens: boolean | undefined;
  readonly offer: TransferOffer;
}

export function nonceKey(nonce: string): string {
  return `p2p-nonce ${nonce}`;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export function readTransport(
  host: PeerHost,
  body: HeaderBlock,
  speaker: string | undefined,
  recipient: string | undefined,
  dialog: Dialog | undefined,
): void {
  const fields = new Fields(body);
  const listening = fields.value('listening')?.toLowerCase();
  const endpoints = endpointsOf(host, fields);
  const listens = listening === undefined ? undefined : listening === 'true';
  const nonce = canonicalGuid(fields.value('hashed-nonce') ?? fields.value('nonce'));
  const owner = keptOrNot(speaker);
  const other = keptOrNot(recipient ?? (dialog && otherThan(dialog, speaker)));
  const offer = offerOf(host, dialog, owner, other);
  if (fields.reversed) host.anomaly(P2pAnomaly.ReversedNames);
  if (nonce !== undefined && !/^[0-]+$/.test(nonce)) {
    const { account } = offer;
    const announced: AnnouncedNonce = {
      owner,
      other,
      account,
      listens,
      offer,
    };
    host.context.memory.set(nonceKey(nonce), announced);
  }
  if (listens === false) return;
  for (const { address, port } of endpoints) {
    const connection = { protocol: 'msn-direct', service: 'msn', address, port, offer };
    const token = nonce === undefined ? {} : { token: nonce };
    host.expect({ ...connection, ...token }, dialog?.refused);
  }
}

/** Who announces the addresses listens there. */
function offerOf(
  host: PeerHost,
  dialog: Dialog | undefined,
  speaker: string | undefined,
  other: string | undefined,
): TransferOffer {
  const { account, origin } = host.newEvent('file.offer');
  const owner = dialog?.owner;
  const sender = owner ?? speaker;
  return {
    service: 'msn',
    account,
    sender,
    recipient: sender === speaker ? other : speaker,
    senderListens: sender === undefined ? undefined : sender === speaker,
    room: undefined,
    name: dialog?.name === undefined ? undefined : boundedCopy(dialog.name, TEXT_LIMIT),
    size: dialog?.size,
    offset: 0,
    mime: undefined,
    token: dialog === undefined ? undefined : String(dialog.session),
    method: 'p2p',
    origin: dialog?.origin ?? origin ?? 'client',
  };
}

function endpointsOf(host: PeerHost, fields: Fields): Endpoint[] {
  const found: Endpoint[] = [];
  let odd = false;
  const add = (address: string, digits: string) => {
    const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
    const numeric = IPV4.test(address) || IPV6.test(address);
    if (!numeric || port < 1 || port > 65_535) odd = true;
    else if (found.length < ADDRESSES_LIMIT) found.push({ address, port });
  };
  for (const family of FAMILIES) {
    const port = fields.value(`${family}-port`);
    if (port !== undefined) {
      for (const address of fields.list(`${family}-addrs`)) add(address, port);
    }
    for (const both of fields.list(`${family}addrsandports`)) {
      const [, address = '', digits = ''] = JOINED.exec(both) ?? [];
      add(address, digits);
    }
  }
  if (odd) host.anomaly(P2pAnomaly.BadEndpoint);
  return found;
}

/** Fields under their name, or under its mirror image. */
class Fields {
  readonly #body: HeaderBlock;
  reversed = false;

  constructor(body: HeaderBlock) {
    this.#body = body;
  }

  value(name: string): string | undefined {
    const value = this.#body.value(name);
    if (value !== undefined) return value;
    const mirrored = this.#body.value(backwards(name));
    if (mirrored === undefined) return undefined;
    this.reversed = true;
    return backwards(mirrored);
  }

  list(name: string): string[] {
    return (this.value(name) ?? '').split(/\s+/, ADDRESSES_LIMIT).filter((word) => word !== '');
  }
}

function backwards(text: string): string {
  return [...text].reverse().join('');
}
