/**
 * Holds what the engine said against what the truth says: every expected item found exactly once,
 * nothing said that the truth does not list. Differences come as text a person can act upon.
 */
import type { ImEvent } from '../../src/event/event.ts';

/** What of an event is compared, as one flat record. `to` is joined by commas. */
export interface Facts {
  readonly [name: string]: string | number | undefined;
}

/** One of several values, where the truth leaves it open. `undefined` is "absent". */
export class OneOf {
  readonly values: readonly (string | number | undefined)[];
  constructor(...values: readonly (string | number | undefined)[]) {
    this.values = values;
  }
}

export interface Expected {
  /** The item of the truth file, for the reader of a difference. */
  readonly what: string;
  /** Fields that must be equal; a field that is not named may be anything. */
  readonly fields: { readonly [name: string]: string | number | undefined | OneOf };
  /** The truth lists it, but reporting it is left to the parser. */
  readonly optional?: boolean;
}

/** Events that may be there although the truth does not list them, with the reason. */
export interface Explained {
  readonly why: string;
  covers(facts: Facts): boolean;
}

export interface Comparison {
  readonly expected: number;
  readonly found: number;
  readonly optionalFound: number;
  readonly explained: ReadonlyMap<string, number>;
  /** Missing, wrong and invented, one text each. */
  readonly differences: readonly string[];
}

/** The compared facts of an event. */
export function factsOf(event: ImEvent): Facts {
  const { file, call } = event;
  return {
    kind: event.kind,
    flow: event.flow?.client,
    protocol: event.protocol,
    origin: event.origin,
    account: event.account,
    from: event.from,
    fromResource: event.fromResource,
    to: event.to?.join(','),
    room: event.room,
    text: event.text,
    subject: event.subject,
    contact: event.contact,
    name: event.name,
    groups: event.groups?.join(','),
    list: event.list,
    state: event.state,
    status: event.status,
    reason: event.reason,
    form: event.form,
    copy: event.copy,
    route: event.route,
    messageId: event.messageId,
    refersTo: event.refersTo,
    'file.name': file?.name,
    'file.size': file?.size,
    'file.sha256': file?.sha256,
    'file.method': file?.method,
    'file.token': file?.token,
    'file.endpoint': file?.endpoint,
    'file.url': file?.url,
    'file.offset': file?.offset,
    'call.media': call?.media,
    packet: event.packet,
  };
}

export function compare(
  expected: readonly Expected[],
  events: readonly ImEvent[],
  judged: (facts: Facts) => boolean,
  explanations: readonly Explained[],
): Comparison {
  const left = events.map(factsOf);
  const missing: Expected[] = [];
  let found = 0;
  let optionalFound = 0;
  for (const item of [...expected].sort(
    (a, b) => Number(a.optional ?? 0) - Number(b.optional ?? 0),
  )) {
    const at = left.findIndex((facts) => wrongFields(item, facts).length === 0);
    if (at >= 0) left.splice(at, 1);
    if (item.optional === true) optionalFound += at >= 0 ? 1 : 0;
    else if (at >= 0) found++;
    else missing.push(item);
  }
  const explained = new Map<string, number>();
  const invented = left.filter((facts) => {
    if (!judged(facts)) return false;
    const reason = explanations.find((e) => e.covers(facts));
    if (reason) explained.set(reason.why, (explained.get(reason.why) ?? 0) + 1);
    return reason === undefined;
  });
  const required = expected.filter((item) => item.optional !== true).length;
  const differences = [
    ...missing.map((item) => describeMissing(item, invented)),
    ...invented.map((facts) => `INVENTED ${shown(facts)}`),
  ];
  return { expected: required, found, optionalFound, explained, differences };
}

/** Names of the fields in which the event is not what was expected. */
function wrongFields(item: Expected, facts: Facts): string[] {
  return Object.entries(item.fields)
    .filter(([name, value]) =>
      value instanceof OneOf ? !value.values.includes(facts[name]) : facts[name] !== value,
    )
    .map(([name]) => name);
}

function describeMissing(item: Expected, invented: readonly Facts[]): string {
  const wanted = `MISSING ${item.what}`;
  const near = invented
    .map((facts) => ({ facts, wrong: wrongFields(item, facts) }))
    .filter(({ wrong }) => !wrong.includes('kind'))
    .sort((a, b) => a.wrong.length - b.wrong.length)[0];
  if (near === undefined) return `${wanted}\n    expected ${wantedFields(item)}`;
  const lines = near.wrong.map(
    (name) => `    ${name}: expected ${value(item.fields[name])}, found ${value(near.facts[name])}`,
  );
  return [`${wanted}\n    nearest: packet ${near.facts.packet} ${near.facts.kind}`, ...lines].join(
    '\n',
  );
}

function wantedFields(item: Expected): string {
  const parts = Object.entries(item.fields).map(([name, v]) => `${name}=${value(v)}`);
  return parts.join(' ');
}

function value(v: string | number | undefined | OneOf): string {
  if (v instanceof OneOf) return v.values.map(value).join(' or ');
  const text = v === undefined ? 'absent' : JSON.stringify(v);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function shown(facts: Facts): string {
  const parts = Object.entries(facts).filter(([, v]) => v !== undefined);
  return parts.map(([name, v]) => `${name}=${value(v)}`).join(' ');
}
