/** The event as it was written, put together again from its envelope and its content. */
import { isObject, type Json } from './split-content.ts';

/** Members in the order of src/event/encode.ts; those it does not know come last. */
const ORDER = [
  ...['v', 'id', 'ts', 'kind', 'service', 'protocol', 'protocolVersion', 'visibility', 'flow'],
  ...['origin', 'account', 'from', 'fromResource', 'to', 'room', 'text', 'markup', 'file'],
  ...['contact', 'list', 'call', 'state', 'status', 'reason', 'tls', 'verdict', 'messageId'],
  ...['refersTo', 'subject', 'thread', 'form', 'route', 'copy', 'sentAt', 'encrypted', 'name'],
  ...['groups', 'subscription', 'gap', 'totals', 'anomalies', 'person', 'peers', 'activity'],
  ...['evidence', 'confidence', 'host', 'packet', 'capture'],
];
const FILE_ORDER = [
  ...['name', 'size', 'mime', 'sha256', 'method', 'token', 'endpoint', 'url', 'offset', 'purpose'],
];
const VERDICT_ORDER = [
  ...['action', 'enforced', 'rule', 'ruleset', 'matched', 'tags', 'alert', 'archive'],
  ...['quarantine', 'log', 'count', 'learn', 'tell', 'shadow', 'why'],
];

const PLACES = places(ORDER);
const FILE_PLACES = places(FILE_ORDER);
const VERDICT_PLACES = places(VERDICT_ORDER);

/** `content` undefined: there is none, or it is gone; the event is then what the envelope tells. */
export function wholeEvent(event: Json, content: Json | undefined): Json {
  if (content === undefined) return event;
  const { file, verdict } = content;
  if (!isObject(file) && !isObject(verdict)) return joined(event, content, PLACES);
  const said = { ...content };
  if (isObject(file)) said.file = joined(event.file, file, FILE_PLACES);
  if (isObject(verdict)) said.verdict = joined(event.verdict, verdict, VERDICT_PLACES);
  return joined(event, said, PLACES);
}

/** Both together, `content` over `kept`. Both are in order as they are written: then one run over both is all. */
function joined(kept: unknown, content: Json, order: ReadonlyMap<string, number>): Json {
  const first = isObject(kept) ? kept : {};
  return merged(first, content, order) ?? inOrder({ ...first, ...content }, order);
}

/** undefined: one is out of order, or has a member that this version does not know. */
function merged(a: Json, b: Json, order: ReadonlyMap<string, number>): Json | undefined {
  const whole: Record<string, unknown> = {};
  const others = Object.keys(b);
  let at = 0;
  let last = -1;
  const add = (name: string, from: Json): boolean => {
    const place = order.get(name) ?? -1;
    if (place <= last) return false;
    last = place;
    whole[name] = from[name];
    return true;
  };
  for (const name of Object.keys(a)) {
    const place = order.get(name) ?? -1;
    let from = a;
    for (; at < others.length; at++) {
      const other = others[at] ?? '';
      if (other === name) from = b;
      else if ((order.get(other) ?? -1) > place) break;
      else if (!add(other, b)) return undefined;
    }
    if (!add(name, from)) return undefined;
  }
  for (; at < others.length; at++) if (!add(others[at] ?? '', b)) return undefined;
  return whole;
}

function inOrder(members: Json, order: ReadonlyMap<string, number>): Json {
  const names = Object.keys(members);
  const known = names.filter((name) => order.has(name));
  known.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const others = names.filter((name) => !order.has(name));
  return Object.fromEntries([...known, ...others].map((name) => [name, members[name]]));
}

function places(order: readonly string[]): ReadonlyMap<string, number> {
  return new Map(order.map((name, place) => [name, place]));
}
