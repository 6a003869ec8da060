/** Which tables a report has, and what stands in them. */
import { counted, size } from '../../report/amounts.ts';
import { amounts } from './completeness.ts';
import type { Report } from './report.ts';
import type { Cell, Chart, Column, ReportTable } from './report-table.ts';
import { spent } from './show-cell.ts';
import { USAGE_BY, type UsageBy, type UsageRow } from './usage.ts';

export const TABLES = [
  'usage-by-person',
  'usage-by-service',
  'usage-by-hour',
  'usage-by-day',
  'files-by-type',
  'largest-files',
  'policy',
  'contacts',
  'new-contacts',
  'conduct',
  'conduct-by-person',
  'completeness',
] as const;
export type TableName = (typeof TABLES)[number];

const TITLES: Readonly<Record<UsageBy, string>> = {
  person: 'Usage by person',
  service: 'Usage by service',
  hour: 'Usage by hour of the day',
  day: 'Usage by day',
};

const NAMES: Readonly<Record<UsageBy, string>> = {
  person: 'person',
  service: 'service',
  hour: 'hour',
  day: 'day',
};

/** Those that are asked for, in the order of TABLES. */
export function reportTables(report: Report, wanted: readonly TableName[] = TABLES): ReportTable[] {
  const tables = [
    ...USAGE_BY.map((by) => usageTable(report, by)),
    ...fileTables(report),
    policyTable(report),
    contactsTable(report),
    newContactsTable(report),
    ...conductTables(report),
    completenessTable(report),
  ];
  return tables.filter(({ id }) => wanted.some((name) => name === id));
}

const USAGE_COLUMNS: readonly (readonly [Column, (row: UsageRow) => Cell])[] = [
  [count('messages'), ({ messages }) => messages],
  [count('received'), ({ received }) => received],
  [count('conversations'), ({ conversations }) => conversations],
  [count('files'), ({ files }) => files],
  [count('connections'), ({ connections }) => connections],
  [{ title: 'octets', kind: 'octets' }, ({ octets }) => octets],
  [{ title: 'active', kind: 'seconds' }, ({ active }) => active],
  [{ title: 'calls', kind: 'seconds' }, ({ calls }) => calls],
  [{ title: 'unread', kind: 'seconds' }, ({ connected }) => connected],
];

const ACTIVE_MEANS =
  'active: from first to last own act of each stretch without 5 minutes of silence; calls, unread: how ' +
  'long a call, or a connection that cannot be read, was open';

function usageTable(report: Report, by: UsageBy): ReportTable {
  const rows = report.usage[by];
  const shown = USAGE_COLUMNS.filter(
    ([{ title }]) =>
      (by === 'person' || title !== 'received') &&
      (by === 'person' || by === 'service' || title !== 'conversations'),
  );
  const { messages, octets, active } = report.totals;
  return table({
    id: `usage-by-${by}`,
    title: TITLES[by],
    facts: `${counted(messages, 'message')}, ${size(octets)}, ${spent(active)} active`,
    note:
      by === 'hour' || by === 'day'
        ? `Time zone ${report.timeZone}. A connection counts where it ended.`
        : ACTIVE_MEANS,
    columns: [text(NAMES[by]), ...shown.map(([column]) => column)],
    rows: rows.map((row) => [row.name, ...shown.map(([, value]) => value(row))]),
    chart: {
      kind: by === 'hour' || by === 'day' ? 'columns' : 'bars',
      value: chartColumn(rows, shown),
    },
  });
}

/** Messages; where there are none, octets. */
function chartColumn(
  rows: readonly UsageRow[],
  shown: readonly (readonly [Column, (row: UsageRow) => Cell])[],
): number {
  const name = rows.some(({ messages }) => messages > 0) ? 'messages' : 'octets';
  return 1 + shown.findIndex(([{ title }]) => title === name);
}

function fileTables({ files }: Report): ReportTable[] {
  const { count: all, octets, kept, types, biggest } = files;
  const facts = `${counted(all, 'file')}, ${size(octets)}, ${counted(kept, 'content')} kept`;
  return [
    table({
      id: 'files-by-type',
      title: 'Files by type',
      facts,
      note: 'Transfers that were seen whole. The type is what the content shows, else what was announced.',
      columns: [text('type'), count('files'), { title: 'octets', kind: 'octets' }],
      rows: types.map(({ type, count, octets }) => [type, count, octets]),
      chart: { kind: 'bars', value: 1 },
    }),
    table({
      id: 'largest-files',
      title: 'Largest files',
      facts: counted(biggest.length, 'file'),
      note: undefined,
      columns: [
        text('name'),
        { title: 'octets', kind: 'octets' },
        text('type'),
        text('service'),
        text('person'),
        { title: 'when', kind: 'time' },
        text('sha256'),
      ],
      rows: biggest.map(({ name, octets, type, service, who, time, sha256 }) => [
        ...[name, octets, type, service, who, time, sha256],
      ]),
    }),
  ];
}

function policyTable({ policy }: Report): ReportTable {
  const stopped = policy.reduce(
    (n, { action, enforced }) => n + (action === 'pass' ? 0 : enforced),
    0,
  );
  const only = policy.reduce((n, { notEnforced }) => n + notEnforced, 0);
  return table({
    id: 'policy',
    title: 'Policy',
    facts: `${counted(stopped, 'decision')} enforced, ${counted(only, 'decision')} not`,
    note: 'Decisions of rules, on each connection that they were made on. Not enforced: this mode or wire could not.',
    columns: [
      text('rule'),
      text('action'),
      count('enforced'),
      count('not enforced'),
      count('persons'),
    ],
    rows: policy.map(({ rule, action, enforced, notEnforced, persons }) => [
      ...[rule, action, enforced, notEnforced, persons],
    ]),
  });
}

function contactsTable({ contacts }: Report): ReportTable {
  return table({
    id: 'contacts',
    title: 'Contacts outside',
    facts: counted(contacts.length, 'contact'),
    note: 'Conversations of two with somebody who is not in the directory and not on this side of the wire.',
    columns: [
      text('contact'),
      count('messages'),
      count('of them said by it'),
      count('conversations'),
    ],
    rows: contacts.map(({ contact, messages, said, conversations }) => [
      ...[contact, messages, said, conversations],
    ]),
    chart: { kind: 'bars', value: 1 },
  });
}

function newContactsTable({ newContacts }: Report): ReportTable {
  const rows = newContacts ?? [];
  return table({
    id: 'new-contacts',
    title: 'New contacts',
    facts: newContacts === undefined ? '' : counted(rows.length, 'contact'),
    note:
      newContacts === undefined
        ? 'Name the beginning of the period (--from): without it everybody is new.'
        : 'The first conversation of these two that the archive has is in the period.',
    columns: [text('contact'), text('with'), { title: 'first', kind: 'time' }, count('messages')],
    rows: rows.map(({ contact, with: own, first, messages }) => [contact, own, first, messages]),
  });
}

function conductTables({ conduct }: Report): ReportTable[] {
  const note =
    'Messages that rules tagged conduct. A word is not yet an offence: the context matters.';
  const facts = counted(conduct.hits, 'message');
  return [
    table({
      ...{ id: 'conduct', title: 'Conduct', facts, note },
      columns: [text('tag'), count('messages')],
      rows: conduct.tags.map(({ tag, hits }) => [tag, hits]),
    }),
    table({
      ...{ id: 'conduct-by-person', title: 'Conduct by person', facts, note: undefined },
      columns: [text('person'), count('messages')],
      rows: conduct.persons.map(({ name, hits }) => [name, hits]),
      chart: { kind: 'bars', value: 1 },
    }),
  ];
}

const MISSING_WORDS = { lost: 'lost', unread: 'could not be read', policy: 'was not to be kept' };

function completenessTable({ completeness }: Report): ReportTable {
  const { missing, says } = completeness;
  return table({
    id: 'completeness',
    title: 'Completeness',
    facts: '',
    note: says,
    columns: [text('what'), text('how'), count('times'), text('amount'), text('why')],
    rows: missing.map(({ what, kind, times, counts, why }) => [
      ...[what, MISSING_WORDS[kind], times, amounts(counts), why],
    ]),
  });
}

type Draft = Omit<ReportTable, 'chart'> & { readonly chart?: Chart };

function table(draft: Draft): ReportTable {
  return { ...draft, chart: draft.chart };
}

function text(title: string): Column {
  return { title, kind: 'text' };
}

function count(title: string): Column {
  return { title, kind: 'count' };
}
