/** Lookups of one socket, from packets to events: sessions come and go with the questions, nothing is missed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ImEvent, VerdictRecord } from '../src/event/event.ts';
import type { ServiceCatalogue } from '../src/inspect/service-catalogue.ts';
import { Engine } from '../src/pipeline/engine.ts';
import { feedFrames, loadCapture } from './corpus/frames.ts';
import { client, hex, joined, server, type Turn } from './support/parser-harness.ts';
import { captureOf } from './support/tshark-opinion.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-lookups-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const SERVICES: ServiceCatalogue = {
  byHost: (host) =>
    host.endsWith('chat.example')
      ? { service: 'chatter', activity: 'chat', confidence: 'high', shared: false }
      : undefined,
  bySignature: () => undefined,
  byAddress: () => undefined,
};

function message(id: number, flags: string, asked: string): Uint8Array {
  const labels = asked.split('.').map((l) => joined(Uint8Array.of(l.length), hex(`'${l}'`)));
  const head = Uint8Array.of(0, id, ...hex(flags), 0, 1, 0, 0, 0, 0, 0, 0);
  return joined(head, ...labels, hex('00 00 01 00 01'));
}
const asks = (id: number, name: string) => client(message(id, '01 00', name));
const answers = (id: number, name: string) => server(message(id, '81 80', name));

async function run(turns: readonly Turn[], port: number, action: VerdictRecord['action'] = 'pass') {
  const path = join(scratch, 'turns.pcap');
  writeFileSync(path, captureOf(turns, { transport: 'udp', port }));
  const events: ImEvent[] = [];
  const engine = new Engine({
    mode: 'replay',
    followContent: false,
    onEvent: (event) => events.push(event),
    judge: { judge: () => ({ action, enforced: true }) },
    services: SERVICES,
  });
  feedFrames((await loadCapture(path)).frames, engine);
  engine.finish();
  return events
    .filter(({ kind }) => kind === 'flow.identified')
    .map(({ packet, service, activity, evidence, host }) =>
      [packet, service, activity, evidence, host].join(' '),
    );
}

const turns = [
  asks(1, 'www.example'),
  answers(1, 'www.example'),
  asks(2, 'ftp.example'),
  answers(2, 'ftp.example'),
  asks(3, 'm.chat.example'),
  answers(3, 'm.chat.example'),
  asks(4, 'www.example'),
  answers(4, 'www.example'),
  asks(5, 'chat.example'),
];
const SAID = ['5 chatter lookup host m.chat.example', '9 chatter lookup host chat.example'];

test('names of services are heard among others of the same socket, however many came before', async () => {
  expect(await run(turns, 53)).toEqual(SAID);
  // On any port, too: each lookup tells itself.
  expect(await run(turns, 5300)).toEqual(SAID);
});

test('refused ones are, each by itself', async () => {
  expect(await run(turns, 53, 'drop')).toEqual(SAID);
});
