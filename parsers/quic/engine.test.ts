/** From packets to events: flows that begin with what only servers send, and flows that say nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { feedFrames, loadCapture } from '../../test/corpus/frames.ts';
import { client, hex, server, type Turn } from '../../test/support/parser-harness.ts';
import { captureOf } from '../../test/support/tshark-opinion.ts';
import { cryptoFrame, helloFor, initial } from './quic.fixture.ts';

const NAME = 'web.whatsapp.com';
const scratch = mkdtempSync(join(tmpdir(), 'sallyport-quic-'));
afterAll(() => rmSync(scratch, { recursive: true }));

async function events(turns: readonly Turn[]): Promise<ImEvent[]> {
  const path = join(scratch, 'turns.pcap');
  writeFileSync(path, captureOf(turns, { transport: 'udp', port: 443 }));
  const said: ImEvent[] = [];
  const engine = new Engine({
    mode: 'replay',
    onEvent: (event) => said.push(event),
    services: {
      byHost: (host) =>
        host === NAME
          ? { service: 'whatsapp', activity: 'chat', confidence: 'high', shared: false }
          : undefined,
      bySignature: () => undefined,
      byAddress: () => undefined,
    },
  });
  feedFrames((await loadCapture(path)).frames, engine);
  engine.finish();
  return said;
}

const hello = client(initial([cryptoFrame(helloFor(NAME))]));
const KNOWN = { service: 'whatsapp', protocol: 'quic', evidence: 'sni', host: NAME };

test('a hello, and the rest of the flow', async () => {
  const rest = [server(hex('40 11 22 33')), client(hex('41 11 22 33'))];
  expect(await events([hello, ...rest])).toMatchObject([
    { kind: 'flow.identified', ...KNOWN, tls: { sni: NAME, alpn: 'h3' } },
    { kind: 'flow.opaque', reason: 'QUIC' },
    { kind: 'flow.end', totals: { packetsToServer: 2, packetsToClient: 1 } },
  ]);
});

test.each([
  ['version negotiation', hex('80 00000000 00 03 aabbcc 00000001')],
  ['Retry', hex(`f0 00000001 00 03 aabbcc '${'t'.repeat(60)}'`)],
  ['a packet of the handshake', initial([hex('01')], { type: 2 })],
  ['junk', hex('00 01 02 03')],
])('the client sends %s first', async (_, first) => {
  const said = await events([client(first), hello]);
  expect(said[0]).toMatchObject({ kind: 'flow.identified', ...KNOWN });
});

test('a name of nobody’s says nothing', async () => {
  expect(await events([client(initial([cryptoFrame(helloFor('www.office.example'))]))])).toEqual(
    [],
  );
});
