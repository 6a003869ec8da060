import { describe, expect, test } from 'vitest';
import { CALLS } from './calls.fixture.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { FILE_EVASIONS } from './file-evasions.fixture.ts';
import { FILES } from './files.fixture.ts';
import { MESSAGES } from './messages.fixture.ts';
import { PEOPLE } from './people.fixture.ts';
import { LOGIN, type Row, run, SIGNED_IN, single, twoParts } from './xmpp.fixture.ts';

function table(rows: readonly Row[]): void {
  for (const { name, turns, want } of rows) {
    const all = [...LOGIN, ...turns];
    const expected = [SIGNED_IN, ...want];
    test(name, () => expect(run(all).ear.heard).toEqual(expected));
    test(`${name}: octet by octet`, () => expect(run(all, single).ear.heard).toEqual(expected));
    test(`${name}: cut in two`, () => {
      const longest = Math.max(...turns.map((t) => new TextEncoder().encode(t).length));
      for (let at = 1; at < longest; at += Math.ceil(longest / 64)) {
        const heard = run(all, twoParts(at)).ear.heard;
        if (heard.length !== expected.length) expect(heard, `cut at ${at}`).toEqual(expected);
        else expect(heard.at(-1), `cut at ${at}`).toEqual(expected.at(-1));
      }
    });
  }
}

describe('messages', () => table(MESSAGES));
describe('presence, contacts, rooms', () => table(PEOPLE));
describe('files', () => table(FILES));
describe('calls', () => table(CALLS));
describe('evasions', () => table([...EVASIONS, ...FILE_EVASIONS]));
