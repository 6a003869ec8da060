/** Who is meant by a name: a person of the directory, `service:address`, or an address in any service. */
import type { ArchiveDatabase } from '../contract.ts';
import { partyAddress } from '../record/event-parties.ts';

/** Party ids, each once; none: the archive knows nobody of these names. */
export async function namedParties(
  database: ArchiveDatabase,
  names: readonly string[],
): Promise<number[]> {
  const ids = new Set<number>();
  const services = await database.rows<{ service: string }>(
    'SELECT service FROM party GROUP BY service ORDER BY service',
  );
  for (const name of names) {
    const persons = await database.rows<{ id: number }>(
      'SELECT id FROM party WHERE LOWER(person) = ?',
      asciiLower(name),
    );
    for (const { id } of persons) ids.add(id);
    for (const { service } of services) {
      const prefix = `${service}:`;
      const isOfService = name.toLowerCase().startsWith(prefix);
      for (const address of isOfService ? [name, name.slice(prefix.length)] : [name]) {
        const parties = await database.rows<{ id: number }>(
          'SELECT id FROM party WHERE service = ? AND address = ?',
          service,
          partyAddress(service, address),
        );
        for (const { id } of parties) ids.add(id);
      }
    }
  }
  return [...ids];
}

/** As LOWER of both databases: nothing but A to Z. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()).replaceAll('\0', '\ufffd');
}
