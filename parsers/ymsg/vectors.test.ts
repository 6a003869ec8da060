/** The byte vectors that stand beside the shared dossiers. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { corpusPath } from '../../test/support/corpus.ts';
import { needs } from '../../test/support/need.ts';
import { feed, flowContext, hex, type Turn } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { YMSG } from './definition.ts';

interface Vector {
  readonly proto: string;
  readonly name: string;
  readonly dir: string;
  readonly hex: string;
  readonly expect: Readonly<Record<string, unknown>>;
}

const need = needs({ corpus: true });
const vectors: readonly Vector[] = need.skip
  ? []
  : JSON.parse(readFileSync(corpusPath('..', 'protocols', 'vectors.json'), 'utf8'));

/** What of our events answers the vector's own words. */
function told(vector: Vector): Record<string, unknown>[] {
  const direction = vector.dir === 'c2s' ? Direction.ToServer : Direction.ToClient;
  const turn: Turn = { direction, wire: hex(vector.hex) };
  return feed(YMSG.create(flowContext()), [turn]).heard;
}

describe.skipIf(need.skip)(`vectors of the dossier${need.why}`, () => {
  const own = vectors.filter(({ proto }) => proto === 'ymsg');
  const named = (name: string) => {
    const found = own.find((vector) => vector.name === name);
    if (found === undefined) throw new Error(`no vector ${name}`);
    return found;
  };

  test('there are some', () => expect(own.map(({ name }) => name)).toHaveLength(6));

  test('a message', () => {
    const vector = named('message');
    const { from, to, text } = vector.expect;
    expect(told(vector)).toEqual([expect.objectContaining({ from, to: [to], text })]);
  });

  test('two offline messages in one packet', () => {
    const vector = named('two offline messages in one packet');
    const messages = told(vector).map(({ from, to, text }) => [from, ...(to as string[]), text]);
    expect(messages).toEqual(vector.expect.messages);
  });

  test('a file offered and refused', () => {
    const offer = named('file offer v15');
    const { from, to, token, name, size } = offer.expect;
    const file = { token, name, size };
    expect(told(offer)).toEqual([
      expect.objectContaining({ kind: 'file.offer', from, to: [to], file }),
    ]);
    const reject = named('file reject v15');
    const declined = { kind: 'file.decline', file: { token: reject.expect.token } };
    expect(told(reject)).toEqual([expect.objectContaining(declined)]);
  });

  test('where the relay is', () => {
    // No event: the data connection tells itself by its token. The account is known then.
    expect(told(named('file relay info'))).toEqual([]);
  });

  test('a sign-in of version 9, written little-endian', () => {
    const vector = named('v9 little-endian auth');
    const parser = YMSG.create(flowContext());
    const ear = feed(parser, [{ direction: Direction.ToServer, wire: hex(vector.hex) }]);
    parser.end(Direction.ToServer, ear);
    parser.end(Direction.ToClient, ear);
    const { account, version } = vector.expect;
    expect(ear.heard).toEqual([
      expect.objectContaining({
        kind: 'session.failed',
        account,
        protocolVersion: String(version),
      }),
    ]);
  });
});
