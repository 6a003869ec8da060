/** Makes a report: one walk over the records in the order of their times, and a few sums that the database makes. */

import { rfc3339 } from '../../../src/event/time.ts';
import type { Archive } from '../archive.ts';
import { completenessOf } from './completeness.ts';
import { conduct } from './conduct.ts';
import { contactsOutside, newContacts } from './contacts.ts';
import { objectIn, parsed, textIn } from './json-fields.ts';
import type { LocalClock } from './local-time.ts';
import { RecordTally, type TallyRow } from './record-tally.ts';
import type { BigFile, FilesReport, PolicyRow, Report } from './report.ts';
import type { Selection } from './selection.ts';
import { USAGE_BY, type Usage, type UsageBy } from './usage.ts';

export interface ReportOptions {
  readonly selection: Selection;
  /** Microseconds since 1970: from <= time < to. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Whose completeness is told; the selection has them too. */
  readonly person?: readonly string[] | undefined;
  readonly clock: LocalClock;
  /** What was selected besides, in words. */
  readonly selected: readonly string[];
  /** Rows of lists of contacts and of the largest files. */
  readonly top: number;
  readonly now: number;
}

export async function makeReport(archive: Archive, options: ReportOptions): Promise<Report> {
  const { database } = archive;
  const { selection, from, to, clock, top } = options;
  const tally = new RecordTally(clock);
  const rows = database.each<TallyRow>(
    `SELECT record.sequence AS sequence, record.time AS time, record.event AS event,
       record.service AS service, record.conversation AS conversation, record.account AS account,
       record.sender AS sender, record.action AS action, record.rule AS rule,
       record.repeat AS repeat, own.person AS person, own.address AS address,
       CASE WHEN record.event IN ('flow.end', 'file.complete') OR record.action <> 'pass'
         THEN record.envelope END AS envelope
     FROM record LEFT JOIN party AS own ON own.id = record.account
     WHERE record.kind = 'event' AND ${selection.sql}
     ORDER BY record.time, record.sequence`,
    ...selection.values,
  );
  for await (const row of rows) tally.add(row);
  const conversations = await countConversations(archive, selection, tally);
  const usage = usageOf(tally);
  return {
    archive: database.where,
    made: rfc3339(options.now),
    timeZone: clock.zone,
    from: from === undefined ? undefined : rfc3339(from),
    to: to === undefined ? undefined : rfc3339(to),
    selected: options.selected,
    totals: {
      events: tally.events,
      messages: tally.all.messages,
      conversations,
      persons: usage.person.length,
      services: usage.service.length,
      files: tally.all.files,
      octets: tally.all.octets,
      active: Math.round(tally.all.active / 1e6),
      first: tally.first,
      last: tally.last,
    },
    usage,
    files: await filesOf(archive, selection, tally, top),
    policy: policyOf(tally),
    contacts: await contactsOutside(database, selection, tally.accounts, top),
    newContacts:
      from === undefined
        ? undefined
        : await newContacts(database, selection, tally.accounts, { from, to }, top),
    conduct: await conduct(database, selection),
    completeness: await completenessOf(archive, {
      from: from ?? tally.first ?? 0,
      to: to ?? (tally.last ?? 0) + 1,
      ...(options.person === undefined ? {} : { person: options.person }),
    }),
  };
}

/** Of persons and services, into their rows; gives those in all. */
async function countConversations(
  { database }: Archive,
  { sql, values }: Selection,
  tally: RecordTally,
): Promise<number> {
  const where = `record.kind = 'event' AND record.conversation IS NOT NULL AND ${sql}`;
  const persons = database.each<{
    person: string | null;
    service: string;
    address: string;
    count: number;
  }>(
    `SELECT own.person AS person, MIN(own.service) AS service, MIN(own.address) AS address,
       COUNT(DISTINCT record.conversation) AS count
     FROM record JOIN party AS own ON own.id = record.account WHERE ${where}
     GROUP BY own.person, CASE WHEN own.person IS NULL THEN own.id ELSE 0 END`,
    ...values,
  );
  for await (const { person, service, address, count } of persons) {
    tally.persons.of(person ?? `${service}:${address}`).conversations += Number(count);
  }
  let all = 0;
  const services = database.each<{ service: string | null; count: number }>(
    `SELECT record.service AS service, COUNT(DISTINCT record.conversation) AS count
     FROM record WHERE ${where} GROUP BY record.service`,
    ...values,
  );
  for await (const { service, count } of services) {
    tally.services.of(service ?? '?').conversations += Number(count);
    all += Number(count); // a conversation is of one service
  }
  return all;
}

function usageOf(tally: RecordTally): Report['usage'] {
  const { persons, services, days, hours } = tally;
  const rows: Record<UsageBy, Usage[]> = {
    person: persons.values().sort(byUse),
    service: services.values().sort(byUse),
    hour: hours,
    day: days.values().sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
  const shown = (by: UsageBy) => {
    const some = by === 'hour' ? rows[by] : rows[by].filter((usage) => !usage.isNothing);
    return some.map((usage) => usage.row(by));
  };
  const [person, service, hour, day] = USAGE_BY.map(shown);
  return { person: person ?? [], service: service ?? [], hour: hour ?? [], day: day ?? [] };
}

/** Most messages first, then most octets. */
function byUse(a: Usage, b: Usage): number {
  const said = b.messages + b.received - a.messages - a.received;
  return said || b.octets - a.octets || (a.name < b.name ? -1 : 1);
}

function policyOf({ rules }: RecordTally): PolicyRow[] {
  return rules
    .values()
    .map((row) => ({ ...row, persons: row.persons.size }))
    .sort(
      (a, b) => weight(b) - weight(a) || b.enforced + b.notEnforced - a.enforced - a.notEnforced,
    );
}

/** What was stopped comes first. */
function weight({ action }: { readonly action: string }): number {
  return action === 'pass' ? 0 : 1;
}

async function filesOf(
  archive: Archive,
  selection: Selection,
  tally: RecordTally,
  top: number,
): Promise<FilesReport> {
  const biggest: BigFile[] = [];
  for (const { sequence, ...file } of tally.biggest.slice(0, top)) {
    biggest.push({ name: await nameOfFile(archive, sequence), ...file });
  }
  const types = tally.types.values().sort((a, b) => b.count - a.count || b.octets - a.octets);
  const kept = await countKept(archive, selection);
  return { count: tally.all.files, octets: tally.fileOctets, kept, types, biggest };
}

async function countKept({ database }: Archive, { sql, values }: Selection): Promise<number> {
  const [row] = await database.rows<{ count: number }>(
    `SELECT COUNT(DISTINCT transfer.sha256) AS count FROM transfer
     JOIN record ON record.sequence = transfer.sequence
     JOIN file ON file.sha256 = transfer.sha256
     WHERE transfer.state = 'kept' AND file.gone IS NULL AND ${sql}`,
    ...values,
  );
  return Number(row?.count ?? 0);
}

/** As it was offered; undefined: it had none, policy did not keep it, or it was erased. */
async function nameOfFile({ database, vault }: Archive, sequence: number) {
  const [row] = await database.rows<{ envelope: Uint8Array; content: Uint8Array | null }>(
    'SELECT envelope, content FROM record WHERE sequence = ?',
    sequence,
  );
  if (row === undefined || row.content === null) return undefined;
  const id = textIn(objectIn(parsed(row.envelope), 'event'), 'id') ?? '';
  const content = vault.unseal(id, row.content);
  return content === undefined ? undefined : textIn(objectIn(parsed(content), 'file'), 'name');
}
