/**
 * SOCKS5 bytestreams (XEP-0065, XEP-0260): the hosts where a data connection will come, and the
 * word it will name itself by: lower-case hex of SHA-1(SID + requester's JID + target's JID).
 */
import { sha1Hex } from '../../src/bytes/sha1.ts';
import type { ExpectedConnection } from '../contract.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { type Jid, parseJid } from './jid.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import { newTransfer, offerOf, type Transfer } from './transfers.ts';

const MAX_HOSTS = 16; // stream hosts registered from one offer
const NUMERIC = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/;

export interface StreamHost {
  readonly address: string;
  readonly port: number;
  readonly jid: Jid | undefined;
}

/** `query` of a requester who names its stream hosts (XEP-0065 §5.3.1). */
export function readBytestreams(session: XmppSession, stanza: Stanza, query: XmlElement): void {
  const sid = query.attribute('sid');
  const hosts = streamHosts(query, 'streamhost', 'host');
  if (stanza.type !== 'set' || !sid || !query.children.some((c) => c.name === 'streamhost')) return;
  let transfer = session.transfers.find(stanza, sid);
  if (transfer === undefined) {
    transfer = newTransfer(stanza, {
      token: sid,
      name: undefined,
      size: undefined,
      method: 'socks5',
    });
    session.transfers.put(stanza, sid, transfer);
  }
  if (!transfer.jingle) transfer.method = 'socks5';
  expectConnections(session, stanza, transfer, sid, hosts, query.attribute('dstaddr'));
}

/** Registers the data connection by token, in both orders of the parties, and by each host. */
export function expectConnections(
  session: XmppSession,
  stanza: Stanza,
  transfer: Transfer,
  sid: string,
  hosts: readonly StreamHost[],
  stated: string | undefined,
): void {
  const { from, to } = stanza;
  const tokens = new Set<string>();
  if (stated !== undefined && /^[0-9a-fA-F]{40}$/.test(stated)) tokens.add(stated.toLowerCase());
  if (from !== undefined && to !== undefined) {
    tokens.add(sha1Hex(sid + from.raw + to.raw));
    tokens.add(sha1Hex(sid + to.raw + from.raw));
  }
  const { refused } = transfer;
  for (const token of tokens)
    expect(session, { offer: offerOf(session, transfer, undefined), token }, refused);
  const [token] = tokens;
  for (const host of hosts) {
    const offer = offerOf(session, transfer, host.jid);
    // A proxy carries the streams of many, each under its token.
    const isProxy = host.jid !== undefined && offer.senderListens === undefined;
    const connection = {
      offer,
      address: host.address,
      port: host.port,
      ...(token === undefined ? {} : { token }),
      ...(isProxy ? { shared: true } : {}),
    };
    expect(session, connection, refused);
  }
}

function expect(
  session: XmppSession,
  connection: Omit<ExpectedConnection, 'protocol' | 'service'>,
  refused: boolean,
): void {
  session.sink?.expect({ protocol: 'socks5', service: session.service, ...connection }, refused);
}

/** Children that name a numeric address and a port; names are not resolved here. */
export function streamHosts(
  parent: XmlElement,
  name: string,
  addressAttribute: string,
): readonly StreamHost[] {
  const hosts: StreamHost[] = [];
  for (const c of parent.children) {
    if (c.name !== name || hosts.length >= MAX_HOSTS) continue;
    const address = c.attribute(addressAttribute)?.trim();
    const port = Number(c.attribute('port') ?? '1080'); // XEP-0065 §10: the default
    if (address === undefined || !NUMERIC.test(address)) continue;
    if (!Number.isInteger(port) || port <= 0 || port > 65535) continue;
    hosts.push({ address, port, jid: parseJid(c.attribute('jid')) });
  }
  return hosts;
}
