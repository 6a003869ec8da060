/** A signature that no parser says is a promise that nobody keeps. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../../test/support/corpus.ts';
import { shippedServices } from '../../test/support/shipped-services.ts';

/** Made of what is on the wire: names of packages, protocols, subprotocols, transports. */
const COMPOSED = /^(app|alpn|websocket):|^telegram-(abridged|intermediate|padded|full|fake-tls)$/;

function sources(folder: string): string {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.ts$/.test(name) && !/\.(test|fixture)\.ts$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

test('every signature of the catalogue that ships is one that a parser says', () => {
  const said = sources(join(repositoryRoot, 'parsers')) + sources(join(repositoryRoot, 'src'));
  const { entries } = shippedServices().catalogue;
  const named = entries.flatMap(({ signatures }) => signatures);
  const unspoken = named.filter((name) => !COMPOSED.test(name) && !said.includes(`'${name}'`));
  expect(unspoken).toEqual([]);
});
