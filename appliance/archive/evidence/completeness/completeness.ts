/**
 * Was everything recorded? What the record itself tells of what it lacks, for a stretch of time: from the ledger,
 * and from what the engine said of each connection. Whether the record is what was written is for verify.
 */
import { parseRfc3339 } from '../../../../src/event/time.ts';
import type { Archive } from '../../archive.ts';
import type { Envelope, LedgerEntry } from '../../contract.ts';
import { decodeEnvelope } from '../../record/envelope.ts';
import { recordCondition } from '../../search/record-condition.ts';
import { type Missing, type MissingKind, MissingLog } from './missing-log.ts';
import { RunningTimes } from './running-times.ts';

export interface CompletenessOptions {
  /** Microseconds since 1970: from <= time < to. */
  readonly from: number;
  readonly to: number;
  /** Persons, accounts: the ledger is about everybody, connections and messages are about these. */
  readonly person?: readonly string[];
  readonly signal?: AbortSignal;
  /** Microseconds since 1970. */
  readonly now?: number;
}

export interface CompletenessReport {
  readonly from: number;
  readonly to: number;
  readonly complete: boolean;
  /** When a gateway ran is known. Without it the record is of recordings, and is complete as these are. */
  readonly live: boolean;
  /** Events there are, by kind. */
  readonly events: Readonly<Record<string, number>>;
  readonly missing: readonly Missing[];
  /** Sentences. */
  readonly remarks: readonly string[];
}

/** Ledger entries that tell of what ran or was read, not of loss. */
const LIFE = new Set(['start', 'stop', 'running', 'replay']);
const POLICY = new Set(['not-archived']);

const TOLD = "('gap', 'flow.opaque', 'flow.end')";
/** Events that say something, where policy may have kept no word of it. */
const SAID = "('message', 'message.edit')";

/** Rejects with ArchiveError, and with the reason of the signal. */
export async function completeness(
  archive: Archive,
  options: CompletenessOptions,
): Promise<CompletenessReport> {
  const { from, to, person, signal, now = Date.now() * 1000 } = options;
  const { database } = archive;
  const log = new MissingLog();
  const running = new RunningTimes();
  const down = (found: ReturnType<RunningTimes['end']>) => {
    if (found === undefined || found.from >= to || found.to <= from) return;
    const clipped = { from: Math.max(found.from, from), to: Math.min(found.to, to) };
    const seconds = (clipped.to - clipped.from) / 1e6;
    log.add({ kind: 'lost', what: 'not running', why: found.why, counts: { seconds }, ...clipped });
  };
  for await (const { ledger } of envelopes(archive, "kind = 'ledger'", [])) {
    signal?.throwIfAborted();
    const entry = readEntry(ledger);
    if (entry === undefined) continue;
    down(running.add(entry.what, entry.from, entry.to));
    if (LIFE.has(entry.what) || entry.from >= to || entry.to < from) continue;
    const kind: MissingKind = POLICY.has(entry.what) ? 'policy' : 'lost';
    log.add({ ...entry, kind });
  }
  down(running.end(now));
  const those = await recordCondition(database, archive.vault, {
    ...{ from, to },
    ...(person === undefined ? {} : { person }),
  });
  const told = `kind = 'event' AND event IN ${TOLD} AND ${those.sql}`;
  for await (const envelope of envelopes(archive, told, those.values)) {
    signal?.throwIfAborted();
    tellFlow(envelope, log);
  }
  const rows = await database.rows<{ event: string; n: number }>(
    `SELECT event, COUNT(*) AS n FROM record WHERE kind = 'event' AND repeat = 0 AND ${those.sql}
     GROUP BY event ORDER BY event`,
    ...those.values,
  );
  await tellUnkept(archive, those, log, { from, to });
  const missing = log.all;
  return {
    ...{ from, to, complete: missing.length === 0, live: running.known },
    events: Object.fromEntries(rows.map(({ event, n }) => [event, n])),
    missing,
    remarks: remarks(running.known, person !== undefined),
  };
}

async function* envelopes(
  { database }: Archive,
  condition: string,
  values: readonly (string | number | Uint8Array | null)[],
): AsyncIterable<Envelope> {
  const rows = database.each<{ envelope: Uint8Array }>(
    `SELECT envelope FROM record WHERE ${condition} ORDER BY sequence`,
    ...values,
  );
  for await (const { envelope } of rows) {
    try {
      yield decodeEnvelope(envelope);
    } catch {
      // verify tells of it
    }
  }
}

function readEntry(ledger: LedgerEntry | undefined) {
  if (ledger === undefined) return undefined;
  const from = parseRfc3339(ledger.from);
  const to = parseRfc3339(ledger.to);
  if (from === undefined || to === undefined) return undefined;
  const counts = Object.fromEntries(
    Object.entries(ledger.counts).filter(([, count]) => typeof count === 'number'),
  );
  return { what: ledger.what, why: ledger.why ?? '', counts, from, to };
}

function tellFlow({ event }: Envelope, log: MissingLog): void {
  if (event === undefined) return;
  const time = typeof event.ts === 'string' ? (parseRfc3339(event.ts) ?? 0) : 0;
  const service = textOf(event.service) ?? textOf(event.protocol) ?? '?';
  const account = textOf(event.account);
  const piece = {
    ...{ from: time, to: time },
    ...(account === undefined ? {} : { whose: `${service}:${account}` }),
  };
  const { gap, totals } = event;
  if (event.kind === 'gap') {
    const octets = numberOf(gap, 'octets');
    const cause = isObject(gap) ? textOf(gap.cause) : undefined;
    const why = `${service}: ${CAUSES[cause ?? ''] ?? cause ?? 'no cause was told'}`;
    log.add({ kind: 'lost', what: 'gap', why, counts: { octets }, ...piece });
  } else if (event.kind === 'flow.opaque') {
    const why = `${service}: ${textOf(event.encrypted) ?? 'its connections cannot be read'}`;
    log.add({ kind: 'unread', what: 'opaque', why, counts: { connections: 1 }, ...piece });
  } else if (isObject(totals) && totals.midstream === true) {
    const why = `${service}: the beginning of the connection was not seen`;
    log.add({ kind: 'lost', what: 'midstream', why, counts: { connections: 1 }, ...piece });
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  loss: 'packets that were not seen',
  snap: 'packets that were cut when they were captured',
  memory: 'given up at a limit of memory',
};

async function tellUnkept(
  { database }: Archive,
  those: {
    readonly sql: string;
    readonly values: readonly (string | number | Uint8Array | null)[];
  },
  log: MissingLog,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const [row] = await database.rows<{
    unkept: number | null;
    erased: number | null;
    first: number | null;
    last: number | null;
  }>(
    `SELECT SUM(CASE WHEN record.event IN ${SAID} AND record.content IS NULL
         AND erasure.sequence IS NULL THEN 1 ELSE 0 END) AS unkept,
       SUM(CASE WHEN erasure.sequence IS NULL THEN 0 ELSE 1 END) AS erased,
       MIN(record.sequence) AS "first", MAX(record.sequence) AS "last"
     FROM record LEFT JOIN erasure ON erasure.sequence = record.sequence
     WHERE record.kind = 'event' AND ${those.sql}`,
    ...those.values,
  );
  const all = { kind: 'policy', from, to } as const;
  const unkept = Number(row?.unkept ?? 0);
  if (unkept > 0) {
    const why = 'policy keeps who and when, and not what was said';
    log.add({ ...all, what: 'metadata only', why, counts: { messages: unkept } });
  }
  const erased = Number(row?.erased ?? 0);
  if (erased > 0) {
    log.add({ ...all, what: 'erased', why: 'at request', counts: { records: erased } });
  }
  if (row === undefined || row.first === null || row.last === null) return;
  const [tombs] = await database.rows<{ n: number }>(
    'SELECT COUNT(*) AS n FROM tombstone WHERE sequence > ? AND sequence < ?',
    row.first,
    row.last,
  );
  const purged = Number(tombs?.n ?? 0);
  if (purged > 0) {
    const why = 'retention; of everybody, recorded between the first and the last record there is';
    log.add({ ...all, what: 'purged', why, counts: { records: purged } });
  }
}

function remarks(live: boolean, person: boolean): string[] {
  const found: string[] = [];
  if (!live) {
    found.push(
      'No record tells when a gateway ran: this archive is of recordings, and is complete as far as they were.',
    );
  }
  if (person)
    found.push(
      'Losses of a gateway are about everybody: they may or may not be about these people.',
    );
  found.push('That the record itself is whole is for: sallyport archive verify.');
  return found;
}

function numberOf(object: unknown, name: string): number {
  const value = isObject(object) ? object[name] : undefined;
  return typeof value === 'number' && value >= 0 ? value : 0;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
