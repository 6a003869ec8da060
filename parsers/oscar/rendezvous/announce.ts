/** Where who sent a rendezvous message listens, and the connection that is expected there. */
import type { TransferOffer } from '../../contract.ts';
import type { RendezvousHost } from '../rendezvous-host.ts';
import { Purpose } from './capability.ts';
import type { Proposal } from './proposals.ts';
import type { RendezvousBlock } from './rendezvous-block.ts';
import { refusedToken } from './transfer-record.ts';

/** `address:port`; undefined where none is announced, or only a proxy's. */
export function endpointOf(block: RendezvousBlock): string | undefined {
  const { address, verifiedAddress, clientAddress, port, proxied } = block;
  const host = address ?? verifiedAddress ?? clientAddress;
  return host === undefined || port === 0 || proxied ? undefined : `${host}:${port}`;
}

/** Any of the three addresses may be the one that is seen. */
export function announce(
  host: RendezvousHost,
  block: RendezvousBlock,
  { record, purpose, byClient }: Proposal,
  fromClient: boolean,
): void {
  const { address, verifiedAddress, clientAddress, port, proxied } = block;
  const protocol = protocolOf(purpose);
  if (protocol === undefined) return;
  const { offer, refused = false } = record;
  const { service } = offer;
  if (refused) refuseData(host, { record, purpose });
  if (proxied || port === 0) return;
  const byProposer = byClient === fromClient;
  const senderListens = byProposer !== (purpose === Purpose.GetFile);
  const listening: TransferOffer = { ...offer, senderListens };
  for (const at of new Set([verifiedAddress, address, clientAddress])) {
    if (at === undefined) continue;
    host.expect({ protocol, service, address: at, port, offer: listening }, refused);
  }
}

/** Of a proposal that was refused: the connection that tells its cookie is not to be. */
export function refuseData(
  host: RendezvousHost,
  { record, purpose }: Pick<Proposal, 'record' | 'purpose'>,
): void {
  const protocol = protocolOf(purpose);
  const { cookie, offer } = record;
  if (protocol === undefined) return;
  host.expect({ protocol, service: offer.service, token: refusedToken(cookie), offer }, true);
}

function protocolOf(purpose: Purpose): 'oft' | 'odc' | undefined {
  if (purpose === Purpose.DirectIm) return 'odc';
  return purpose === Purpose.SendFile || purpose === Purpose.GetFile ? 'oft' : undefined;
}
