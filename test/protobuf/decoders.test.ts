/**
 * The decoders in the tree are those that protobufjs makes of the .proto files today.
 * `npm run protobuf` (vitest with -u) writes them.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../support/corpus.ts';
import { decoderOf, SCHEMAS } from './decoders.ts';

test.each(SCHEMAS)('$file', async (generated) => {
  await expect(await decoderOf(generated)).toMatchFileSnapshot(
    join(repositoryRoot, generated.file),
  );
});

test('no .proto file is forgotten', () => {
  const there = readdirSync(join(repositoryRoot, 'parsers'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.proto'))
    .map((name) => `parsers/${name}`);
  expect(there.sort()).toEqual(SCHEMAS.map(({ proto }) => proto).sort());
});
