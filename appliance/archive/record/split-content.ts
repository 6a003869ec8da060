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
];
const CONTENT = [
  ...['text', 'markup', 'file', 'status', 'reason', 'verdict', 'subject', 'thread', 'name'],
];
const FILE_CONTENT = new Set(['name', 'url']);
const VERDICT_CONTENT = new Set(['matched', 'tell']);

const PLACES: ReadonlyMap<string, number> = new Map(ENVELOPE.map((name, place) => [name, place]));
const CONTENT_PLACES: ReadonlyMap<string, number> = new Map(
  CONTENT.map((name, place) => [name, place]),
);

export function splitContent(whole: Json): SplitEvent {
  const event = new Members(PLACES);
  const content = new Members(CONTENT_PLACES);
  for (const name of Object.keys(whole)) {
    const value = whole[name];
    if (name === 'file' || name === 'verdict') divide(name, value, event, content);
    else if (PLACES.has(name)) event.add(name, value);
    else content.add(name, value);
  }
  return { event: event.inOrder(), content: content.isEmpty ? undefined : content.inOrder() };
}

/** An object in the making, and whether its members came in order. */
class Members {
  readonly #places: ReadonlyMap<string, number>;
  readonly #made: Record<string, unknown> = {};
  #last = -1;
  #ordered = true;

  constructor(places: ReadonlyMap<string, number>) {
    this.#places = places;
  }

  get isEmpty(): boolean {
    return this.#last === -1;
  }

  add(name: string, value: unknown): void {
    const place = this.#place(name);
    if (place < this.#last) this.#ordered = false;
    this.#last = place;
    if (name === '__proto__') define(this.#made, name, value);
    else this.#made[name] = value;
  }

  inOrder(): Json {
    if (this.#ordered) return this.#made;
    const members = Object.entries(this.#made);
    members.sort(([a], [b]) => this.#place(a) - this.#place(b));
    return Object.fromEntries(members);
  }

  #place(name: string): number {
    return this.#places.get(name) ?? this.#places.size;
  }
}

/** Not by assignment, which would make it the prototype. */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function divide(name: string, value: unknown, event: Members, content: Members): void {
  const parts = divideMember(name, value);
  if (parts === undefined) content.add(name, value); // not what the model says it is
  if (parts?.event !== undefined) event.add(name, parts.event);
  if (parts?.content !== undefined) content.add(name, parts.content);
}

/** The parts of a file or a verdict; undefined: it is no object. */
export function divideMember(
  name: string,
  value: unknown,
): { readonly event: Json | undefined; readonly content: Json | undefined } | undefined {
  if (!isObject(value)) return undefined;
  const inContent = name === 'file' ? FILE_CONTENT : VERDICT_CONTENT;
  const names = Object.keys(value);
  const said = names.filter((member) => inContent.has(member));
  if (said.length === 0) return { event: value, content: undefined };
  const kept = names.filter((member) => !inContent.has(member));
  return {
    event: kept.length === 0 ? undefined : pick(value, kept),
    content: pick(value, said),
  };
}

function pick(value: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, value[name]]));
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
