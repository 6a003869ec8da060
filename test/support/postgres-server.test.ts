import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needs } from './need.ts';
import { PostgresServer } from './postgres-server.ts';

const need = needs({ postgres: true, tools: ['setpriv'] });

describe.skipIf(need.skip)(`a PostgreSQL of a test's own${need.why}`, () => {
  it('keeps what was committed when it is stopped in any way, and leaves nothing behind', async () => {
    const server = await PostgresServer.make();
    try {
      await server.database();
      await server.sql('CREATE TABLE kept AS SELECT 7 AS x', 'archive_1');
      for (const mode of ['fast', 'immediate'] as const) {
        await server.restart(mode);
        expect(await server.sql('SELECT x FROM kept', 'archive_1')).toEqual([{ x: 7 }]);
      }
      await server.stop();
      await expect(server.sql('SELECT 1')).rejects.toThrow('ENOENT');
    } finally {
      await server.remove();
    }
    expect(existsSync(server.folder)).toBe(false);
  });
});
