/**
 * WebSockets of the corpus: each that the truth has is recognised, no messenger is claimed of one, and the tunnels
 * and odd frames that the captures are there for are counted.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileServices } from '../../rules/catalogue/compiled-services.ts';
import { loadServices } from '../../rules/catalogue/load-services.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { corpusPath, repositoryRoot } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { feedFrames, loadCapture } from './frames.ts';
import { capturesBelow } from './truth.ts';

const need = needs({ corpus: true });
const captures = need.skip ? [] : capturesBelow('websocket');

/** What is odd in them; tshark shows the same frames. */
const ODD: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // Frame 8: a ping of the client without a mask.
  'websocket-ping.pcap': { 'websocket-mask': 1 },
  // HTTP requests as messages: Kaazing's own handshake, and a test server's.
  'zeek-websocket.pcap': { 'websocket-tunnel': 1 },
  'zeek-fragmented-http-reply.pcap': { 'websocket-tunnel': 1 },
  // wstunnel is known by its own request, and not looked at on.
  'zeek-wstunnel-http.pcap': { 'websocket-tunnel': 1 },
  'zeek-wstunnel-ssh.pcap': { 'websocket-tunnel': 2 },
};

interface Truth {
  readonly flows: readonly { readonly protocol: string }[];
}

/** What was counted, and what was said of services that are no tunnel. */
async function run(path: string) {
  const events: ImEvent[] = [];
  const { catalogue } = loadServices([`${repositoryRoot}rules/services`]);
  const services = compileServices(catalogue?.entries ?? []);
  const onEvent = (event: ImEvent) => events.push(event);
  const engine = new Engine({ mode: 'replay', followContent: true, onEvent, services });
  feedFrames((await loadCapture(corpusPath(path))).frames, engine);
  engine.finish();
  const { identified, anomalies } = engine.counters.inspect;
  const claimed = events.filter(({ service }) => !/tunnel/.test(service ?? ''));
  return { identified, anomalies, claimed };
}

describe.skipIf(need.skip)(`WebSockets of the corpus${need.why}`, () => {
  test('there are some', () => expect(captures.length).toBeGreaterThan(10));

  test.each(captures)('%s', async (path) => {
    const name = basename(path);
    const file = corpusPath('truth', `websocket__${name}.json`);
    const { flows } = JSON.parse(readFileSync(file, 'utf8')) as Truth;
    const { identified, anomalies, claimed } = await run(path);
    expect(identified.websocket ?? 0).toBe(flows.length);
    expect(anomalies).toEqual(ODD[name] ?? {});
    expect(claimed).toEqual([]);
  });
});
