/**
 * Connections between peers, as a hub arranges them.
 *
 *   '$ConnectToMe ' nick ' ' address ':' port flags    `nick` is to connect there
 *   '$SR ' nick ' ' path 0x05 size ' ' free '/' slots 0x05 'TTH:' hash ' (' hub ')' …
 *
 * Flags: S, TLS (the connection is not announced: it tells itself); N and R with a nick, NAT traversal.
 * A search result names what a later request names by its hash alone.
 */
import { boundedCopy } from '../../src/bytes/text.ts';
import type { ExpectedConnection } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import type { DcFlow } from './dc-flow.ts';
import type { NmdcFlow } from './nmdc-flow.ts';
import { FILE_NAME_LIMIT } from './nmdc-limits.ts';

const TARGET = /^(.+) (\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Fa-f.:]{2,45}):(\d{1,5})([A-Z]*)(?: .*)?$/;

export function onConnectToMe(flow: NmdcFlow, start: number, end: number): void {
  const text = flow.text(start, Math.min(end, start + 512)) ?? '';
  const found = TARGET.exec(text);
  const port = Number(found?.[3] ?? 0);
  if (found === null || port < 1 || port > 65_535) {
    flow.anomaly(Anomaly.BadAddress);
    return;
  }
  if (!flow.toServer) flow.learn(found[1]);
  if ((found[4] ?? '').includes('S')) return;
  announce(flow, (found[2] ?? '').replace(/[[\]]/g, ''), port, undefined);
}

/** Who has what and who asks is said on the connection itself. */
export function announce(
  flow: DcFlow,
  address: string,
  port: number,
  token: string | undefined,
): void {
  const { protocol, account } = flow;
  const connection: ExpectedConnection = {
    protocol,
    service: protocol,
    address,
    port,
    ...(token === undefined ? {} : { token }),
    offer: {
      service: protocol,
      account,
      sender: undefined,
      recipient: undefined,
      senderListens: undefined,
      room: undefined,
      name: undefined,
      size: undefined,
      offset: 0,
      mime: undefined,
      token,
      method: 'nmdc',
      origin: flow.toServer ? 'client' : 'server',
    },
  };
  flow.sink.expect(connection);
}

const SEPARATOR = '\u0005';
const HASH = /^TTH:([A-Z2-7]{39}) /;

export function onSearchResult(flow: NmdcFlow, start: number, end: number): void {
  const fields = (flow.text(start, end) ?? '').split(SEPARATOR);
  const hash = fields.map((field) => HASH.exec(field)?.[1]).find((found) => found !== undefined);
  const path = fields[0]?.slice(fields[0].indexOf(' ') + 1) ?? '';
  const name = path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
  if (hash !== undefined && name !== '') rememberHash(flow, hash, name);
}

/** Shared by the flows of one engine: hub connections learn what peer connections ask for. */
export function rememberHash(flow: DcFlow, hash: string, name: string): void {
  flow.context.memory.set(`hash ${hash}`, boundedCopy(name, FILE_NAME_LIMIT));
}

export function nameOfHash(flow: DcFlow, hash: string): string | undefined {
  const name = flow.context.memory.get(`hash ${hash}`);
  return typeof name === 'string' ? name : undefined;
}
