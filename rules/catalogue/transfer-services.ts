/**
 * A catalogue on its way to another thread: one shared buffer of records, each a length (32 bits, little endian) and
 * so many octets of JSON, a part of one entry. A record is small: a thread that carries packets reads one between two
 * of them.
 */
import type { Steps } from '../steps.ts';
import type { MatchEntry } from './catalogue.ts';
import { CompiledServices } from './compiled-services.ts';

const LENGTH_OCTETS = 4;
/** Names or networks in one record. */
const MOST_NAMES = 64;

export function encodeServices(entries: readonly MatchEntry[]): SharedArrayBuffer {
  const records = entries.flatMap((entry) =>
    partsOf(entry).map((part) => Buffer.from(JSON.stringify(part))),
  );
  const size = records.reduce((sum, { length }) => sum + LENGTH_OCTETS + length, 0);
  const octets = new SharedArrayBuffer(size);
  const into = Buffer.from(octets);
  let at = 0;
  for (const record of records) {
    at = into.writeUInt32LE(record.length, at);
    at += record.copy(into, at);
  }
  return octets;
}

/** `octets` as `encodeServices` made them. */
export function* compilingServices(octets: SharedArrayBuffer): Steps<CompiledServices> {
  const from = Buffer.from(octets);
  const entries: MatchEntry[] = [];
  for (let at = 0; at < from.length; ) {
    const end = at + LENGTH_OCTETS + from.readUInt32LE(at);
    entries.push(JSON.parse(from.toString('utf8', at + LENGTH_OCTETS, end)) as MatchEntry);
    at = end;
    yield;
  }
  return yield* CompiledServices.building(entries);
}

/** The entry in parts of bounded size; without what matching does not need. */
function partsOf(entry: MatchEntry): MatchEntry[] {
  const { service, activity, confidence, shared, ports, transport } = entry;
  const bare = { service, activity, confidence, shared, ports, transport };
  const parts: MatchEntry[] = [];
  const most = Math.max(
    entry.hosts.length,
    entry.exact.length,
    entry.signatures.length,
    entry.networks.length,
  );
  for (let at = 0; at < most; at += MOST_NAMES) {
    const cut = (names: readonly string[]) => names.slice(at, at + MOST_NAMES);
    parts.push({
      ...bare,
      hosts: cut(entry.hosts),
      exact: cut(entry.exact),
      signatures: cut(entry.signatures),
      networks: cut(entry.networks),
    });
  }
  return parts;
}
