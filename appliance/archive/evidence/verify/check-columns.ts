/** What stands in columns to be searched by is what the envelope says. */
import type { Envelope } from '../../contract.ts';
import { recordColumns } from '../../record/record-columns.ts';
import type { Findings } from './findings.ts';
import { TAG_SEPARATOR, type VerifyRow } from './record-stream.ts';

type Value = string | number | null;

const PLAIN = [
  'time',
  'kind',
  'event',
  'service',
  'conversation',
  'action',
  'rule',
  'repeat',
] as const;

export function checkColumns(row: VerifyRow, envelope: Envelope, findings: Findings): void {
  const said = recordColumns(envelope);
  const differs = (column: string, there: Value, expected: Value) => {
    const text = `${shown(there)} stands there, the record says ${shown(expected)}`;
    findings.add('changed', row.sequence, column, text);
  };
  for (const name of PLAIN) {
    if (row[name] !== said[name]) differs(`record.${name}`, row[name], said[name]);
  }
  const { account, account_service, account_address, sender, sender_service, sender_address } = row;
  const parties = [
    ['account', account, account_service, account_address, said.account],
    ['sender', sender, sender_service, sender_address, said.sender],
  ] as const;
  for (const [name, id, service, address, expected] of parties) {
    const fits =
      expected === null ? id === null : address === expected && service === said.partyService;
    if (fits) continue;
    const there = id === null ? null : address === null ? `party ${id}` : `${service}:${address}`;
    differs(`record.${name}`, there, expected === null ? null : `${said.partyService}:${expected}`);
  }
  if (row.tags !== null || said.tags.length > 0) {
    const there = sorted(row.tags ?? '');
    const expected = sorted(said.tags.join(TAG_SEPARATOR));
    if (there !== expected) differs('record_tag', listed(there), listed(expected));
  }
}

/** Tags as the database joins them, in order. */
function sorted(tags: string): string {
  return tags.split(TAG_SEPARATOR).sort().join(TAG_SEPARATOR);
}

function listed(tags: string): string {
  return tags.replaceAll(TAG_SEPARATOR, ', ');
}

const LONGEST_SHOWN = 80;

/** Quoted; made harmless where it is shown. */
function shown(value: Value): string {
  if (value === null || value === '') return 'nothing';
  const text = String(value);
  return text.length > LONGEST_SHOWN ? `“${text.slice(0, LONGEST_SHOWN)}…”` : `“${text}”`;
}
