/**
 * An event in the Elastic Common Schema 8.17, which SIEMs read without a parser of their own. What the schema has a
 * field for is there; the event as it is stands whole under `sallyport`, so that nothing is lost in the mapping.
 *
 * source and destination are who sent and who received the octets; client and server who opened the connection.
 */
import type { ImEvent } from '../../../src/event/event.ts';
import { splitContent } from '../../archive/record/split-content.ts';
import { ecsKind } from './ecs-kinds.ts';

export const ECS_VERSION = '8.17.0';

/** As event JSON has it: `ts` and not `time`. */
export type NativeEvent = { readonly [K in Exclude<keyof ImEvent, 'time'>]?: ImEvent[K] } & {
  readonly v: number;
  readonly ts: string;
};

export interface EcsObserver {
  readonly hostname: string;
  readonly version: string;
}

type Json = Record<string, unknown>;

/** Elastic's own numbers for low, medium, high. */
const SEVERITY = { low: 21, medium: 47, high: 73 } as const;
const NOT_REFUSED: ReadonlySet<string> = new Set(['pass', 'redact']);

/** `withContent`: also what was said, and names of files. */
export function ecsEvent(whole: NativeEvent, observer: EcsObserver, withContent: boolean): Json {
  const event = withContent ? whole : (splitContent(whole).event as unknown as NativeEvent);
  const { category, type, outcome } = ecsKind(event.kind ?? '');
  const { verdict, flow, totals, file, tls } = event;
  const isRefused = verdict !== undefined && !NOT_REFUSED.has(verdict.action);
  const decided =
    isRefused && verdict.enforced ? ['denied'] : verdict === undefined ? [] : ['allowed'];
  const isAlert = verdict?.alert !== undefined || isRefused;
  const users = [event.account, event.from, ...(event.to ?? []), event.contact, event.person];
  const people = present([...users, ...(event.peers ?? [])]);
  const ends = flow && endsOf(flow, event);
  return clean({
    '@timestamp': event.ts,
    ecs: { version: ECS_VERSION },
    message: summary(event),
    event: {
      kind: isAlert ? 'alert' : 'event',
      category,
      type: [...type, ...decided],
      action: event.kind,
      outcome: outcome ?? 'unknown',
      id: event.id,
      module: 'sallyport',
      dataset: 'sallyport.events',
      provider: event.protocol,
      reason: event.reason ?? verdict?.why,
      severity: isAlert ? SEVERITY[verdict?.alert ?? 'low'] : undefined,
      duration: totals && Math.round(totals.duration * 1e9),
    },
    observer: { vendor: 'Sallyport', product: 'Sallyport', type: 'im-gateway', ...observer },
    network: {
      transport: flow?.transport,
      type: ends && (ends.client.ip?.includes(':') ? 'ipv6' : 'ipv4'),
      protocol: event.protocol,
      application: event.service,
      vlan: flow?.vlan === undefined ? undefined : { id: String(flow.vlan) },
      bytes: totals && totals.octetsToServer + totals.octetsToClient,
      packets: totals && totals.packetsToServer + totals.packetsToClient,
    },
    ...ends,
    user: { name: event.account, full_name: event.person },
    file: file && {
      name: file.name,
      size: file.size,
      mime_type: file.mime,
      hash: { sha256: file.sha256 },
    },
    url: file?.url === undefined ? undefined : { original: file.url },
    tls: tls && {
      client: { server_name: tls.sni, ja3: tls.ja3 },
      next_protocol: tls.alpn,
      version: tls.version,
      version_protocol: tls.version === undefined ? undefined : 'tls',
    },
    rule: verdict?.rule && { name: verdict.rule, ruleset: verdict.ruleset },
    tags: verdict?.tags,
    related: {
      ip: ends && unique([ends.client.ip, ends.server.ip]),
      user: people.length > 0 ? unique(people) : undefined,
      hash: file?.sha256 && [file.sha256],
      hosts: event.host && [event.host],
    },
    sallyport: event,
  }) as Json;
}

interface End {
  ip: string | undefined;
  port: number | undefined;
  bytes?: number | undefined;
  packets?: number | undefined;
  domain?: string | undefined;
}

function endsOf(flow: NonNullable<ImEvent['flow']>, { origin, totals, tls, host }: NativeEvent) {
  const client: End = endOf(flow.client);
  const server: End = { ...endOf(flow.server), domain: host ?? tls?.sni };
  if (totals !== undefined) {
    client.bytes = totals.octetsToServer;
    client.packets = totals.packetsToServer;
    server.bytes = totals.octetsToClient;
    server.packets = totals.packetsToClient;
  }
  const isFromServer = origin === 'server';
  return {
    client,
    server,
    source: isFromServer ? server : client,
    destination: isFromServer ? client : server,
  };
}

/** `192.0.2.1:5222`, `[2001:db8::1]:5222`. */
function endOf(text: string): End {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  return {
    ip: text.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number.isInteger(port) ? port : undefined,
  };
}

/** For people who read logs: never what was said. */
function summary(event: NativeEvent): string {
  const { kind, service, protocol, from, to, room, verdict } = event;
  const who = from === undefined ? '' : ` from ${from}`;
  const whom = room ?? to?.join(', ');
  const decided =
    verdict === undefined || verdict.action === 'pass'
      ? ''
      : `: ${verdict.action}${verdict.enforced ? '' : ' (not enforced)'}${verdict.rule ? ` by ${verdict.rule}` : ''}`;
  return `${service ?? protocol ?? 'unknown'} ${kind}${who}${whom ? ` to ${whom}` : ''}${decided}`;
}

function present(values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(present(values))];
}

/** Without what is not known, and objects that are empty for want of it. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? value.map(clean) : undefined;
  if (typeof value !== 'object' || value === null) return value;
  const kept: Json = {};
  let isEmpty = true;
  for (const [name, member] of Object.entries(value)) {
    const made = clean(member);
    if (made === undefined) continue;
    kept[name] = made;
    isEmpty = false;
  }
  return isEmpty ? undefined : kept;
}
