/** What ArchiveDatabase promises, of both databases. */
import { expect, it } from 'vitest';
import { describeEachDatabase } from '../support/archive-databases.ts';

describeEachDatabase('a database of an archive', (open) => {
  it('gives what was put into it', async () => {
    const database = await open();
    const columns = ['sequence', 'time', 'kind', 'envelope', 'hash'];
    const octets = Buffer.from([0, 1, 0x5c, 0xff]);
    await database.transaction(async (within) => {
      await within.insert('record', columns, [
        [1, 1_100_000_000_123_456, 'event', octets, octets],
        [2, -5, 'audit', octets, octets],
      ]);
    });
    expect(
      await database.rows('SELECT sequence, time, kind, content FROM record ORDER BY sequence'),
    ).toEqual([
      { sequence: 1, time: 1_100_000_000_123_456, kind: 'event', content: null },
      { sequence: 2, time: -5, kind: 'audit', content: null },
    ]);
    const [row] = await database.rows<{ envelope: Uint8Array }>(
      'SELECT envelope FROM record WHERE sequence = ?',
      1,
    );
    expect(Buffer.from(row?.envelope ?? [])).toEqual(octets);
  });
});
