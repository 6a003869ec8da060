/**
 * Where the data of an accepted invitation will come: `IP-Address`, `Port` and `AuthCookie` of the one who
 * waits. That is the inviter, unless the invited one says `Sender-Connect: TRUE`. Behind a router the second
 * address is `IP-Address-Internal`; `PortX` and `PortX-Internal` are tried besides.
 */
import type { TransferOffer } from '../../contract.ts';
import type { HeaderBlock } from '../../framing/header-block.ts';
import type { PeerHost, PeerPart } from '../conversation.ts';
import { keptOrNot } from '../p2p/dialogs.ts';
import { recipientOf } from '../p2p/file-events.ts';
import { FtpAnomaly } from './anomalies.ts';
import { ENDPOINTS_LIMIT } from './ftp-limits.ts';
import type { Invited } from './invitation.ts';

const NUMERIC = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/;

/** What the reader of the data connection finds under its AuthCookie, in the family's memory. */
export function cookieKey(authCookie: string): string {
  return `msnftp ${authCookie}`;
}

export function expectData(
  host: PeerHost,
  fields: HeaderBlock,
  part: PeerPart,
  invited: Invited | undefined,
): void {
  const authCookie = fields.value('authcookie');
  const token = authCookie !== undefined && /^\d{1,10}$/.test(authCookie) ? authCookie : undefined;
  const offer = offerOf(host, part, invited);
  if (token !== undefined) host.context.memory.set(cookieKey(token), offer);
  const endpoints = new Set<string>();
  let odd = token === undefined;
  for (const [addresses, ports] of PAIRS) {
    const address = fields.value(addresses);
    const port = fields.decimal(ports);
    if (address === undefined || port === undefined) continue;
    if (!NUMERIC.test(address) || port < 1 || port > 65_535) {
      odd = true;
      continue;
    }
    const endpoint = `${address} ${port}`;
    if (endpoints.has(endpoint) || endpoints.size >= ENDPOINTS_LIMIT) continue;
    endpoints.add(endpoint);
    host.expect({
      protocol: 'msnftp',
      service: 'msn',
      address,
      port,
      ...(token === undefined ? {} : { token }),
      offer,
    });
  }
  if (odd || endpoints.size === 0) host.anomaly(FtpAnomaly.BadEndpoint);
}

const PAIRS = [
  ['ip-address', 'port'],
  ['ip-address-internal', 'port'],
  ['ip-address', 'portx'],
  ['ip-address-internal', 'portx-internal'],
] as const;

function offerOf(host: PeerHost, part: PeerPart, invited: Invited | undefined): TransferOffer {
  const { account } = host.newEvent('file.accept');
  const speaker = keptOrNot(part.sender);
  const inviter = invited?.inviter ?? speaker;
  const other = keptOrNot(recipientOf(part));
  const byClient = invited?.byClient ?? part.fromClient;
  return {
    service: 'msn',
    account,
    sender: inviter,
    recipient: invited?.invitee ?? (inviter === speaker ? other : speaker),
    senderListens: part.fromClient === byClient,
    room: undefined,
    name: invited?.name,
    size: invited?.size,
    offset: 0,
    mime: undefined,
    token: invited?.cookie,
    method: 'msnftp',
    origin: byClient ? 'client' : 'server',
  };
}
