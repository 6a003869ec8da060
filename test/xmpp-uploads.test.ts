/** Files of XMPP over HTTP through the whole engine; and who else comes to an address that was told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  answer,
  CONTENT,
  get,
  link,
  put,
  SLOT,
} from '../parsers/xmpp/http-upload/http-upload.fixture.ts';
import { LOGIN } from '../parsers/xmpp/xmpp.fixture.ts';
import { replayFile } from './corpus/replay.ts';
import { client, joined, octets, server, sha256, type Turn } from './support/parser-harness.ts';
import { captureOf } from './support/tshark-opinion.ts';

const PCAP_HEADER = 24; // octets
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A stream that says this, then connections from 10.0.0.1 to 10.0.0.2, each to a port. */
async function eventsOf(
  said: readonly string[],
  ...connections: readonly (readonly [number, readonly Turn[]])[]
) {
  const stream = [...LOGIN, ...said].map((turn) =>
    (turn.startsWith('C') ? client : server)(utf8(turn.slice(3))),
  );
  const captures = [[5222, stream] as const, ...connections].map(([port, turns]) =>
    captureOf(turns, { port }),
  );
  const whole = joined(
    ...captures.map((capture, i) => (i === 0 ? capture : capture.subarray(PCAP_HEADER))),
  );
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-uploads-'));
  try {
    const path = join(folder, 'turns.pcap');
    writeFileSync(path, whole);
    const { events, error } = await replayFile(path);
    expect(error).toBeUndefined();
    return events.filter(({ protocol }) => protocol !== 'xmpp');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('brought to its slot and fetched again: one file, and its copy', async () => {
  const events = await eventsOf(SLOT, [
    5280,
    [client(put(CONTENT)), server(answer(201)), client(get()), server(answer(200, CONTENT))],
  ]);
  const digest = sha256(octets(CONTENT));
  const files = events.filter(({ kind }) => kind.startsWith('file.'));
  expect(files.map(({ kind, copy, file }) => [kind, copy, file?.sha256])).toEqual([
    ['file.start', undefined, undefined],
    ['file.complete', undefined, digest],
    ['file.start', 'carbon', undefined],
    ['file.complete', 'carbon', digest],
  ]);
  expect(events[0]).toMatchObject({ kind: 'flow.identified', protocol: 'http-upload' });
});

describe('an address that was told hides nobody', () => {
  const at = (port: number) => link(`http://10.0.0.2:${port}/f`);

  test('another web server there is not worth a word', async () => {
    const other = [client(get('/index.html')), server(answer(200, 'hello'))];
    expect(await eventsOf([at(80)], [80, other])).toEqual([]);
  });

  test.each([
    [
      'irc',
      6667,
      [
        client('NICK ann\r\nUSER ann 0 * :Ann\r\n'),
        server(':irc.example 001 ann :Welcome\r\n'),
        client('PRIVMSG bob :still seen\r\n'),
      ],
    ],
    ['ymsg-http', 80, [client('GET /relay?token=t&sender=bob&recver=ann HTTP/1.1\r\n\r\n')]],
    ['nmdc', 411, [server('$Lock EXTENDEDPROTOCOLABCABC Pk=HUB|'), client('$Key x|')]],
  ] as const)('%s is read as what it is', async (protocol, port, turns) => {
    const events = await eventsOf([at(port), at(port)], [port, turns]);
    expect(events[0]).toMatchObject({ kind: 'flow.identified', protocol });
    const plain = await eventsOf([], [port, turns]);
    expect(events.map(({ kind, text }) => [kind, text])).toEqual(
      plain.map(({ kind, text }) => [kind, text]),
    );
  });
});
