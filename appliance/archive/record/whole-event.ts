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

/** `content` undefined: there is none, or it is gone; the event is then what the envelope tells. */
export function wholeEvent(event: Json, content: Json | undefined): Json {
  if (content === undefined) return event;
  const whole = { ...event, ...content };
  const { file, verdict } = content;
  if (isObject(file)) whole.file = joined(event.file, file, FILE_ORDER);
  if (isObject(verdict)) whole.verdict = joined(event.verdict, verdict, VERDICT_ORDER);
  return inOrder(whole, ORDER);
}

function joined(kept: unknown, content: Json, order: readonly string[]): Json {
  return inOrder({ ...(isObject(kept) ? kept : {}), ...content }, order);
}

function inOrder(members: Json, order: readonly string[]): Json {
  const known = order.filter((name) => Object.hasOwn(members, name));
  const others = Object.keys(members).filter((name) => !order.includes(name));
  return Object.fromEntries([...known, ...others].map((name) => [name, members[name]]));
}
