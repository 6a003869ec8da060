/**
 * TLS over TCP in the shared captures: the name and the protocol that each ClientHello asks for equal the truth, at the
 * frame that completes it; fingerprints equal tshark's; names of certificates equal Node's.
 */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { certificateNames } from '../../src/bytes/certificate-names.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { ServiceCatalogue, ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { feedFrames, loadCapture } from './frames.ts';

const need = needs({ corpus: true });
const needTshark = needs({ corpus: true, tools: ['tshark'] });

interface TruthFlow {
  readonly frame: number;
  readonly l4: string;
  readonly stream: string;
  readonly sport: string;
  readonly dport: string;
  readonly sni: string;
  readonly alpn: string;
}

const ANY: ServiceMatch = {
  service: 'any',
  activity: undefined,
  confidence: 'high',
  shared: false,
};
/** Knows every name and address: each TLS flow is told of. */
const EVERYBODY: ServiceCatalogue = {
  byHost: () => ANY,
  bySignature: (name) => (name.startsWith('alpn:') ? ANY : undefined),
  byAddress: () => ANY,
};

async function identified(path: string): Promise<readonly ImEvent[]> {
  const events: ImEvent[] = [];
  const { frames } = await loadCapture(corpusPath(path));
  const engine = new Engine({ services: EVERYBODY, onEvent: (event) => events.push(event) });
  feedFrames(frames, engine);
  engine.finish();
  return events.filter(({ kind, protocol }) => kind === 'flow.identified' && protocol === 'tls');
}

const portOf = (end: string | undefined) => end?.slice(end.lastIndexOf(':') + 1);

function truthOf(): Readonly<Record<string, { readonly flows: readonly TruthFlow[] }>> {
  return JSON.parse(readFileSync(corpusPath('truth', 'encrypted.json'), 'utf8'));
}

describe.skipIf(need.skip)(`each ClientHello of the truth${need.why}`, () => {
  const rows = need.skip
    ? []
    : Object.entries(truthOf())
        .map(([path, { flows }]) => [path, flows.filter(({ l4 }) => l4 === 'tcp')] as const)
        .filter(([, flows]) => flows.length > 0);

  test('there are 192 of them', () => {
    expect(rows.reduce((sum, [, flows]) => sum + flows.length, 0)).toBe(192);
  });

  test.each(rows)('%s', async (path, flows) => {
    const events = await identified(path);
    // A second hello of a flow answers a HelloRetryRequest: the first one counts.
    const firsts = flows.filter(
      ({ stream }, i) => i === flows.findIndex((f) => f.stream === stream),
    );
    const found = firsts.map((flow) => {
      const same = events.filter(
        ({ flow: reference }) =>
          portOf(reference?.client) === flow.sport && portOf(reference?.server) === flow.dport,
      );
      // Without a name that is one, the flow is told of when the server has answered.
      const event = same.find(({ packet }) => packet === flow.frame) ?? same[0];
      const isNamed = event?.evidence === 'sni';
      return {
        ...flow,
        frame: isNamed ? event?.packet : flow.frame,
        sni: event?.tls?.sni ?? (event && ''),
        alpn: event?.tls?.alpn ?? (event && ''),
      };
    });
    // ALPN: the first of those offered.
    expect(found).toEqual(firsts.map((flow) => ({ ...flow, alpn: flow.alpn.split(',')[0] })));
  });
});

function tshark(path: string, filter: string, ...fields: string[]): string[][] {
  const wanted = fields.flatMap((field) => ['-e', field]);
  const args = ['-n', '-r', corpusPath(path), '-Y', filter, '-T', 'fields', '-E', 'occurrence=l'];
  const text = execFileSync('tshark', [...args, ...wanted], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = text.toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => line.split('\t'));
}

describe.skipIf(needTshark.skip)(`as tshark sees it${needTshark.why}`, () => {
  test.each([
    'tcp-hard/arkime-tls-split-client-hello.pcap',
    'tcp-hard/ndpi-tls_2_reasms.pcapng',
    'tcp-hard/ndpi-6in4tunnel.pcap',
    'negatives/tor.pcap',
    'negatives/tls_esni_sni_both.pcap',
    'encrypted/facebook/facebook.pcap',
    'encrypted/whatsapp/whatsappfiles.pcap',
  ])('%s: ports, names and JA3', async (path) => {
    const fields = ['tcp.srcport', 'tls.handshake.extensions_server_name', 'tls.handshake.ja3'];
    const theirs = tshark(path, 'tls.handshake.type==1 and tcp', ...fields);
    const ours = (await identified(path)).map(({ flow, tls }) => [
      portOf(flow?.client),
      tls?.sni ?? '',
      tls?.ja3,
    ]);
    expect(theirs.length).toBeGreaterThan(0);
    expect(ours.sort()).toEqual(theirs.sort());
  });

  test.each([
    'encrypted/webex/webex.pcap',
    'encrypted/teams/teams.pcap',
    'encrypted/viber/viber.pcap',
    'negatives/tor.pcap',
  ])('%s: names in certificates as Node reads them', (path) => {
    const all = tshark(path, 'tls.handshake.certificate', 'tls.handshake.certificate').map(
      ([digits = '']) => Buffer.from(digits, 'hex'),
    );
    expect(all.length).toBeGreaterThan(0);
    for (const der of all) {
      const { subject, subjectAltName = '' } = new X509Certificate(der);
      const names = [...subjectAltName.matchAll(/DNS:([^,]+)/g)].map(([, name = '']) =>
        plain(name),
      );
      const common = plain(/^CN=(.*)$/m.exec(subject ?? '')?.[1] ?? '');
      const read = certificateNames(der, 0, der.length);
      expect(read.alternative).toEqual(names.slice(0, 128));
      if (read.common !== undefined) expect(read.common).toBe(common);
      else expect(common).not.toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+$/);
    }
  });
});

const plain = (name: string) => name.toLowerCase().replace(/^\*\./, '');
