/** The files that requests are about, made from what the request itself says. */
import { Direction, type FlowContext } from '../contract.ts';
import type { HttpHead } from '../framing/http-head.ts';
import { HttpLeg } from './http-leg.ts';
import type { KnownTransfer, KnownTransfers } from './known-transfers.ts';
import type { Upload } from './notify-upload.ts';
import { boundedName, canonicalId } from './text-value.ts';
import { versionNumber } from './version.ts';

export function uploadLeg(context: FlowContext, upload: Upload): HttpLeg {
  const parties = { account: upload.sender, origin: 'client' } as const;
  const transfer: KnownTransfer = {
    ...parties,
    sender: upload.sender,
    recipient: upload.recipient,
    name: upload.name,
    size: upload.size,
    token: undefined,
    url: undefined,
    method: 'ymsg-http',
    ...(upload.isPicture ? { purpose: 'picture' as const } : {}),
    passed: false,
  };
  const leg = new HttpLeg(context, transfer, parties, Direction.ToServer);
  const number = versionNumber(upload.version);
  leg.protocolVersion = number === 0 ? undefined : String(number);
  return leg;
}

/**
 * `sender` of a request to the relay is whoever makes it, `recver` the other (dossier §7.2; both legs in
 * the recorded sessions). The pager's flows, where they were seen, know the file and the offer's token.
 */
export function relayLeg(context: FlowContext, known: KnownTransfers, head: HttpHead): HttpLeg {
  const token = boundedName(head.parameter('token'));
  const requester = canonicalId(head.parameter('sender'));
  const other = canonicalId(head.parameter('recver'));
  const posts = head.method === 'POST';
  const parties = { account: requester, origin: posts ? 'client' : 'server' } as const;
  let transfer = token === undefined ? undefined : known.relayed(token);
  if (transfer === undefined) {
    transfer = {
      ...parties,
      sender: posts ? requester : other,
      recipient: posts ? other : requester,
      name: undefined,
      size: posts && head.contentLength >= 0 ? head.contentLength : undefined,
      token,
      url: undefined,
      method: 'ymsg-http',
      passed: false,
    };
    if (token !== undefined) known.setRelayed(token, transfer);
  }
  return new HttpLeg(context, transfer, parties, posts ? Direction.ToServer : Direction.ToClient);
}
