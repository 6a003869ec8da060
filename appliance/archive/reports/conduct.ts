/**
 * Hits of the conduct lexicon: its rules (rules/packs/01-conduct-lexicon.yaml, or a house's own) tag what they
 * find `conduct`, and besides by what it is: threat, abuse, evasion. Each message once.
 */
import type { ArchiveDatabase } from '../contract.ts';
import type { ConductReport } from './report.ts';
import type { Selection } from './selection.ts';

export const CONDUCT = 'conduct';
const MOST_PERSONS = 100;

export async function conduct(
  database: ArchiveDatabase,
  { sql, values }: Selection,
): Promise<ConductReport> {
  const from = `FROM record_tag AS hit JOIN record ON record.sequence = hit.sequence`;
  const where = `hit.tag = '${CONDUCT}' AND record.kind = 'event' AND record.repeat = 0 AND ${sql}`;
  const [sum] = await database.rows<{ hits: number }>(
    `SELECT COUNT(*) AS hits ${from} WHERE ${where}`,
    ...values,
  );
  const tags = await database.rows<{ tag: string; hits: number }>(
    `SELECT other.tag AS tag, COUNT(*) AS hits ${from}
     JOIN record_tag AS other ON other.sequence = hit.sequence AND other.tag <> '${CONDUCT}'
     WHERE ${where} GROUP BY other.tag ORDER BY COUNT(*) DESC, other.tag LIMIT ${MOST_PERSONS}`,
    ...values,
  );
  const persons = await database.rows<{
    person: string | null;
    service: string;
    address: string;
    hits: number;
  }>(
    `SELECT said.person AS person, MIN(said.service) AS service, MIN(said.address) AS address,
       COUNT(*) AS hits ${from} JOIN party AS said ON said.id = record.sender
     WHERE ${where}
     GROUP BY said.person, CASE WHEN said.person IS NULL THEN said.id ELSE 0 END
     ORDER BY COUNT(*) DESC, MIN(said.address) LIMIT ${MOST_PERSONS}`,
    ...values,
  );
  return {
    hits: Number(sum?.hits ?? 0),
    tags: tags.map(({ tag, hits }) => ({ tag, hits: Number(hits) })),
    persons: persons.map(({ person, service, address, hits }) => ({
      name: person ?? `${service}:${address}`,
      hits: Number(hits),
    })),
  };
}
