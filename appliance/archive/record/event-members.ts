/** The members of an event, in the order in which src/event/encode.ts writes them, and how each is read. */

/** said: text that is content. nested: objects that no column is made from. names: a list of texts. */
export const Reading = {
  Text: 0,
  Number: 1,
  Nested: 2,
  Said: 3,
  Names: 4,
  Divided: 5,
} as const;
export type Reading = (typeof Reading)[keyof typeof Reading];

export interface EventMember {
  readonly name: string;
  readonly reading: Reading;
  /** What stands in a line between the quotation mark before the name and the value: `name":` */
  readonly written: Buffer;
}

export const EVENT_MEMBERS: readonly EventMember[] = [
  ...members(Reading.Number, 'v'),
  ...members(Reading.Text, 'id', 'ts', 'kind'),
  ...members(Reading.Text, 'service', 'protocol', 'protocolVersion', 'visibility'),
  ...members(Reading.Nested, 'flow'),
  ...members(Reading.Text, 'origin', 'account', 'from', 'fromResource'),
  ...members(Reading.Names, 'to'),
  ...members(Reading.Text, 'room'),
  ...members(Reading.Said, 'text', 'markup'),
  ...members(Reading.Divided, 'file'),
  ...members(Reading.Text, 'contact', 'list'),
  ...members(Reading.Nested, 'call'),
  ...members(Reading.Text, 'state'),
  ...members(Reading.Said, 'status', 'reason'),
  ...members(Reading.Nested, 'tls'),
  ...members(Reading.Divided, 'verdict'),
  ...members(Reading.Text, 'messageId', 'refersTo'),
  ...members(Reading.Said, 'subject', 'thread'),
  ...members(Reading.Text, 'form', 'route', 'copy', 'sentAt', 'encrypted'),
  ...members(Reading.Said, 'name'),
  ...members(Reading.Names, 'groups'),
  ...members(Reading.Text, 'subscription'),
  ...members(Reading.Nested, 'gap', 'totals'),
  ...members(Reading.Names, 'anomalies'),
  ...members(Reading.Text, 'person'),
  ...members(Reading.Names, 'peers'),
  ...members(Reading.Text, 'activity', 'evidence', 'confidence', 'host'),
  ...members(Reading.Number, 'packet'),
  ...members(Reading.Text, 'capture'),
];

const PLACES: ReadonlyMap<string, number> = new Map(
  EVENT_MEMBERS.map(({ name }, place) => [name, place]),
);

/** Place of a member in EVENT_MEMBERS. */
export function memberPlace(name: string): number {
  const place = PLACES.get(name);
  if (place === undefined) throw new RangeError(`events have no member ${name}`);
  return place;
}

function members(reading: Reading, ...names: string[]): EventMember[] {
  return names.map((name) => ({ name, reading, written: Buffer.from(`${name}":`) }));
}
