/** Link-local XMPP through the whole engine: presence on a link of printers, then a conversation. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Replay, replayFile } from './corpus/replay.ts';
import { client, hex, server, type Turn } from './support/parser-harness.ts';
import { captureOf, type Wire } from './support/tshark-opinion.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bonjour-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function replayed(turns: readonly Turn[], wire: Wire): Promise<string[]> {
  const path = join(folder, 'link.pcap');
  writeFileSync(path, captureOf(turns, wire));
  const { events }: Replay = await replayFile(path);
  return events.map(({ kind, service, from, state, text }) =>
    [kind, service, from, state, text].filter((part) => part !== undefined).join(' '),
  );
}

const ANSWER = '00 00 84 00 00 00 00 01 00 00 00 00';
const LOCAL = "05 'local' 00";
const printer = client(
  hex(`${ANSWER} 07 'printer' 04 '_ipp' 04 '_tcp' ${LOCAL} 00 10 80 01 00 00 11 94 00 03 02 'a=b'`),
);
const ann = client(
  hex(
    `${ANSWER} 08 'ann@mill' 09 '_presence' 04 '_tcp' ${LOCAL} 00 10 80 01 00 00 11 94 00 0c 0b 'status=away'`,
  ),
);

test('nothing is said of printers; presence makes the flow known, although it comes later', async () => {
  expect(await replayed([printer, printer], { transport: 'udp', port: 5353 })).toEqual([]);
  expect(await replayed([printer, ann, printer], { transport: 'udp', port: 5353 })).toEqual([
    'flow.identified bonjour',
    'presence bonjour ann@mill away',
    'flow.end bonjour',
  ]);
});

test('a conversation', async () => {
  const NS = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
  const turns = [
    client(`<stream:stream ${NS} from='ann@mill' to='bob@moor'>`),
    server(`<stream:stream ${NS} from='bob@moor' to='ann@mill'>`),
    client('<message><body>psst</body></message>'),
  ];
  const said = await replayed(turns, { port: 5298 });
  expect(said.filter((line) => line.startsWith('message'))).toEqual([
    'message bonjour ann@mill psst',
  ]);
  expect(said.at(-1)).toBe('flow.end bonjour');
});
