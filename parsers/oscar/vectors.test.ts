/** The vectors that stand beside the dossier: wire and what it means. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { corpusPath } from '../../test/support/corpus.ts';
import { needs } from '../../test/support/need.ts';
import { feed, flowContext, hex } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { OSCAR } from './definition.ts';
import { probeOscar } from './probe.ts';

interface Vector {
  readonly proto: string;
  readonly name: string;
  readonly dir: string;
  readonly hex: string;
}

const need = needs({ corpus: true });
const vectors: readonly Vector[] = need.skip
  ? []
  : JSON.parse(readFileSync(corpusPath('..', 'protocols', 'vectors.json'), 'utf8'));

/** What the parser says of each, in the middle of a stream whose account it does not know. */
const WANT: Readonly<Record<string, readonly object[]>> = {
  'server hello': [],
  'im utf16': [
    {
      kind: 'message',
      origin: 'client',
      to: ['bob'],
      text: 'hé',
      route: 'direct',
      messageId: '0102030405060708',
    },
  ],
  'file offer': [
    {
      kind: 'file.offer',
      origin: 'client',
      to: ['bob'],
      route: 'direct',
      file: {
        name: 'plan.pdf',
        size: 52341,
        method: 'oft',
        token: '434f4f4b49453031',
        endpoint: '192.168.1.10:5190',
      },
    },
  ],
  'file cancel s2c': [
    {
      kind: 'file.cancel',
      origin: 'server',
      from: 'bob',
      route: 'direct',
      file: { method: 'oft', token: '434f4f4b49453031' },
    },
  ],
  // Of no request that was seen.
  'icbm error refused': [],
};

describe.skipIf(need.skip)(`vectors.json${need.why}`, () => {
  test.each(vectors.filter(({ proto }) => proto === 'oscar'))('$name', (vector) => {
    const direction = vector.dir === 'c2s' ? Direction.ToServer : Direction.ToClient;
    const wire = hex(vector.hex);
    const parser = OSCAR.create(flowContext({ midstream: true }));
    expect(feed(parser, [{ direction, wire }]).heard).toEqual(WANT[vector.name]);
    const answer = probeOscar(direction, wire, vector.name !== 'server hello');
    expect(answer).toBe(vector.name === 'server hello' ? Probe.More : Probe.Yes);
  });

  test('none is left out', () => {
    const names = vectors.filter(({ proto }) => proto === 'oscar').map(({ name }) => name);
    expect(names.sort()).toEqual(Object.keys(WANT).sort());
  });
});
