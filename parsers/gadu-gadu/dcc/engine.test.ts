/** A transfer through the whole engine: its control connection, and the one that carries the file. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replayFile } from '../../../test/corpus/replay.ts';
import {
  client,
  hex,
  joined,
  octets,
  server,
  sha256,
} from '../../../test/support/parser-harness.ts';
import { captureOf } from '../../../test/support/tshark-opinion.ts';
import { accept, BOB, info, login, offer } from '../gadu.fixture.ts';

const CONTENT = octets('what is in the file '.repeat(300));
const ID = hex('08 07 06 05 04 03 02 01');
const SHA1 = createHash('sha1').update(CONTENT).digest('hex');
const PCAP_HEADER = 24; // octets

async function events(...captures: Uint8Array[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-gg-'));
  try {
    const path = join(folder, 'gg.pcap');
    const [first, ...more] = captures;
    writeFileSync(path, joined(first ?? octets(''), ...more.map((c) => c.subarray(PCAP_HEADER))));
    const replay = await replayFile(path);
    return replay.events
      .filter(({ kind }) => kind.startsWith('file.') || kind === 'flow.anomaly')
      .map(({ kind, protocol, origin, account, from, to, reason, file }) => {
        return { kind, protocol, origin, account, from, to, reason, file: file && { ...file } };
      });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const file = { name: 'plan.txt', size: CONTENT.length, method: 'gg', token: '0807060504030201' };
const sent = { origin: 'client', account: '123456', from: '123456', to: ['654321'] };

test('direct, to the address that was announced', async () => {
  const control = [
    ...login(),
    client(offer('plan.txt', CONTENT.length, { sha1: SHA1 })),
    server(accept(BOB)),
    server(info(BOB, '10.0.0.2 1550')),
  ];
  const data = [client(ID), server(ID), client(CONTENT)];
  const said = await events(captureOf(control, { port: 8074 }), captureOf(data, { port: 1550 }));
  expect(said).toMatchObject([
    { kind: 'file.offer', protocol: 'gadu-gadu', ...sent, file },
    { kind: 'file.accept', protocol: 'gadu-gadu', from: '654321', file },
    { kind: 'file.start', protocol: 'gg-dcc', ...sent, file },
    {
      kind: 'file.complete',
      protocol: 'gg-dcc',
      ...sent,
      file: { ...file, sha256: sha256(CONTENT) },
    },
  ]);
});

test('over a relay, found by its identifier', async () => {
  const control = [
    ...login(),
    client(offer('plan.txt', CONTENT.length, { sha1: 'ab'.repeat(20) })),
    server(info(BOB, 'GG1CH2', 2)),
  ];
  const hello = joined(hex('be ba de c0'), ID);
  const data = [client(hello), server(hello), client(CONTENT)];
  const said = await events(captureOf(control, { port: 8074 }), captureOf(data, { port: 80 }));
  expect(said).toMatchObject([
    { kind: 'file.offer', ...sent, file },
    { kind: 'file.start', protocol: 'gg-relay', ...sent, file },
    { kind: 'flow.anomaly', reason: 'gg-file-hash-differs' },
    { kind: 'file.complete', ...sent, file: { ...file, sha256: sha256(CONTENT) } },
  ]);
});
