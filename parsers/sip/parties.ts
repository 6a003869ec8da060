/**
 * Who is who in a request, before it is handled: on which side the account is, and whether the header
 * fields that people read agree with those that decide.
 */
import { Direction } from '../contract.ts';
import { canonicalAddress, isAnonymous, nameAddress } from '../framing/sip-address.ts';
import { SipAnomaly } from './anomalies.ts';
import type { SipFlow } from './sip-flow.ts';

/** Requests whose Request-URI names a person. */
const TO_A_PERSON: ReadonlySet<string> = new Set(['MESSAGE', 'INVITE', 'SUBSCRIBE']);

export function checkParties(flow: SipFlow): void {
  const { message } = flow;
  flow.recipient = message.to.address;
  flow.sender = message.from.address;
  if (!message.isRequest) return;
  const { sequenceMethod } = message;
  if (sequenceMethod !== '' && sequenceMethod !== message.method) {
    flow.anomaly(SipAnomaly.MethodMismatch);
  }
  // Only accounts register: who does is the client, whatever the table of flows took it for.
  if (message.method === 'REGISTER') {
    if (flow.registered.size === 0) flow.ownDirection = flow.direction;
    flow.oriented = true;
    return;
  }
  if (!flow.oriented) orient(flow);
  if (!flow.isOwn) {
    // A proxy that is trusted says who hides behind `anonymous` (RFC 3325 §9.1).
    const asserted = message.header('p-asserted-identity');
    if (asserted !== undefined && isAnonymous(flow.sender)) {
      flow.sender = nameAddress(asserted).address ?? flow.sender;
    }
    return;
  }
  const { address } = message.from;
  if (flow.registered.size > 0 && !isAnonymous(address) && !flow.registered.has(address ?? '')) {
    flow.anomaly(SipAnomaly.ForeignSender);
  }
  if (TO_A_PERSON.has(message.method) && !message.isInDialog) checkRecipient(flow);
}

/**
 * Between two equal ports of UDP who spoke first need not be the client: a request that came through a
 * proxy has its Via besides that of who made it (RFC 3261 §16.6), so its sender is the server.
 */
function orient(flow: SipFlow): void {
  flow.oriented = true;
  const { transport, clientPort, serverPort } = flow.context;
  if (transport !== 'udp' || clientPort !== serverPort) return;
  const vias = flow.message.all('via');
  const isForwarded = vias.length > 1 || vias[0]?.includes(',') === true;
  const other = flow.direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
  flow.ownDirection = isForwarded ? other : flow.direction;
}

/** The Request-URI decides where a request goes (RFC 3261 §16.5); To is what its sender wrote. */
function checkRecipient(flow: SipFlow): void {
  const { message } = flow;
  const target = canonicalAddress(message.uri);
  const { address } = message.to;
  if (target === undefined || target === address) return;
  const isPerson = target.includes('@') || /^tel:/i.test(message.uri);
  if (!isPerson || numberOf(target) === numberOf(address)) return;
  flow.anomaly(SipAnomaly.RecipientDiffers);
  flow.recipient = target;
}

/** A telephone number is the same in both its forms, `tel:+1…` and `sip:+1…@host;user=phone`. */
function numberOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const user = address.split('@')[0] ?? '';
  return /^\+\d{3,}$/.test(user) ? user : address;
}
