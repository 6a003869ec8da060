/** What must hold of every run, whatever was on the wire: the schema and the completeness ledger. */
import { encodeEvent } from '../../src/event/encode.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { eventSchema } from '../../src/event/schema.ts';

/**
 * What is wrong with the events of one run, as texts; empty when all holds. With a catalogue of services a flow may be
 * identified again: by each lookup in it, by what is inside a tunnel, or as something else.
 */
export function ledgerFaults(events: readonly ImEvent[], mayRepeat = false): string[] {
  return [
    ...events.flatMap(schemaFaults),
    ...flowFaults(events, mayRepeat),
    ...identifierFaults(events),
  ];
}

/** The event as it leaves the engine, against the published schema. */
function schemaFaults(event: ImEvent): string[] {
  const line = encodeEvent(event);
  const parsed = eventSchema.safeParse(JSON.parse(line));
  return parsed.success ? [] : [`${line.slice(0, 200)}: ${parsed.error.message}`];
}

function identifierFaults(events: readonly ImEvent[]): string[] {
  const seen = new Set(events.map((event) => event.id));
  return seen.size === events.length
    ? []
    : [`${events.length - seen.size} identifiers are not unique`];
}

/** Each flow is identified first and once, ends once, says nothing after, and its totals are its events. */
function flowFaults(events: readonly ImEvent[], mayRepeat: boolean): string[] {
  const faults: string[] = [];
  const flows = new Map<string, ImEvent[]>();
  for (const event of events) {
    if (event.flow === undefined) continue;
    const own = flows.get(event.flow.id);
    if (own) own.push(event);
    else flows.set(event.flow.id, [event]);
  }
  for (const [id, own] of flows) {
    const flow = `flow ${own[0]?.flow?.client} → ${own[0]?.flow?.server} (${id})`;
    const end = own.at(-1);
    const identified = own.filter((e) => e.kind === 'flow.identified').length;
    const ends = own.filter((e) => e.kind === 'flow.end').length;
    const gaps = own.flatMap((e) => (e.kind === 'gap' && e.gap ? [e.gap.octets] : []));
    if (own[0]?.kind !== 'flow.identified') faults.push(`${flow}: begins with ${own[0]?.kind}`);
    if (identified !== 1 && !mayRepeat) faults.push(`${flow}: identified ${identified} times`);
    if (ends !== 1) faults.push(`${flow}: ${ends} flow.end`);
    if (end?.kind !== 'flow.end' || end.totals === undefined) {
      faults.push(`${flow}: the last event is ${end?.kind}`);
      continue;
    }
    const said = own.filter((e) => !/^(flow\.|gap$)/.test(e.kind)).length;
    if (end.totals.events !== said) {
      faults.push(`${flow}: totals.events ${end.totals.events}, ${said} were said`);
    }
    const octets = gaps.reduce((sum, octets) => sum + octets, 0);
    if (end.totals.gaps !== gaps.length)
      faults.push(`${flow}: totals.gaps ${end.totals.gaps}, ${gaps.length} gap events`);
    if (end.totals.gapOctets !== octets)
      faults.push(`${flow}: totals.gapOctets ${end.totals.gapOctets}, gaps sum up to ${octets}`);
  }
  return faults;
}
