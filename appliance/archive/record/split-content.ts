/**
 * What of an event is content (what people said and named things), and what is envelope (who, when, how,
 * what was decided). What this version does not know counts as content: it is sealed, and can be erased.
 *
 * Members come out in the order of the event model, whatever order they came in.
 */

export type Json = Readonly<Record<string, unknown>>;

export interface SplitEvent {
  readonly event: Json;
  readonly content: Json | undefined;
}

/** Order of src/event/encode.ts. */
const ENVELOPE = [
  ...['v', 'id', 'ts', 'kind', 'service', 'protocol', 'protocolVersion', 'visibility', 'flow'],
  ...['origin', 'account', 'from', 'fromResource', 'to', 'room', 'file', 'contact', 'list', 'call'],
  ...['state', 'tls', 'verdict', 'messageId', 'refersTo', 'form', 'route', 'copy', 'sentAt'],
  ...['encrypted', 'groups', 'subscription', 'gap', 'totals', 'anomalies', 'person', 'peers'],
  ...['activity', 'evidence', 'confidence', 'host', 'packet', 'capture'],
] as const;
const CONTENT = ['text', 'markup', 'file', 'status', 'reason', 'verdict'] as const;
const LATER_CONTENT = ['subject', 'thread', 'name'] as const;
const FILE_CONTENT = new Set(['name', 'url']);
const VERDICT_CONTENT = new Set(['matched', 'tell']);

const PLACES = new Map<string, number>(ENVELOPE.map((name, place) => [name, place]));
const CONTENT_PLACES = new Map<string, number>(
  [...CONTENT, ...LATER_CONTENT].map((name, place) => [name, place]),
);

export function splitContent(whole: Json): SplitEvent {
  const event: [string, unknown][] = [];
  const content: [string, unknown][] = [];
  for (const name of Object.keys(whole)) {
    const value = whole[name];
    if (name === 'file') divide(name, value, FILE_CONTENT, event, content);
    else if (name === 'verdict') divide(name, value, VERDICT_CONTENT, event, content);
    else if (PLACES.has(name)) event.push([name, value]);
    else content.push([name, value]);
  }
  return {
    event: inOrder(event, PLACES),
    content: content.length === 0 ? undefined : inOrder(content, CONTENT_PLACES),
  };
}

function divide(
  name: string,
  value: unknown,
  inContent: ReadonlySet<string>,
  event: [string, unknown][],
  content: [string, unknown][],
): void {
  if (!isObject(value)) {
    content.push([name, value]); // not what the model says it is
    return;
  }
  const names = Object.keys(value);
  if (!names.some((member) => inContent.has(member))) {
    event.push([name, value]);
    return;
  }
  const kept = names.filter((member) => !inContent.has(member));
  if (kept.length > 0) event.push([name, pick(value, kept)]);
  content.push([
    name,
    pick(
      value,
      names.filter((member) => inContent.has(member)),
    ),
  ]);
}

function pick(value: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, value[name]]));
}

function inOrder(members: [string, unknown][], places: ReadonlyMap<string, number>): Json {
  const place = ([name]: [string, unknown]) => places.get(name) ?? places.size;
  let last = -1;
  let sorted = true;
  for (const member of members) {
    const at = place(member);
    sorted &&= at >= last;
    last = at;
  }
  if (!sorted) members.sort((a, b) => place(a) - place(b));
  // Not by assignment: a member may be called __proto__.
  return Object.fromEntries(members);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
