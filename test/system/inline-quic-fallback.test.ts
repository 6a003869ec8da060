/**
 * A real QUIC client and server around the box. QUIC of a service that a rule refuses gets no answer, and the client
 * comes over TCP, where the same service's connection can be seen, and refused, too. Without the rule, and for names
 * of nobody's, QUIC works.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { needs } from '../support/need.ts';
import type { Carrier } from './lab/box.ts';
import { Lab } from './lab/lab.ts';
import { type FetchOptions, startWebServer, webTools } from './lab/web-server.ts';

const tools = [...webTools, 'ip', 'ss', 'ethtool', 'ping', 'sysctl'];
const need = needs({ tools, root: true });

const MESSENGER = 'web.whatsapp.com';
const OTHER = 'www.office.example';

const NOTHING_REFUSED = 'sallyport: 1\nrules: []\n';
const NO_QUIC = `sallyport: 1
rules:
  - id: no-quic
    on: flow.identified
    if: { protocol: quic }
    then: drop
`;

const conditions: readonly { condition: string; options: FetchOptions }[] = [
  { condition: 'IPv4', options: {} },
  { condition: 'IPv6', options: { family: 6 } },
  {
    condition: 'a version that the server has to ask for',
    options: { quic: ['--version=0x1a2a3a4a', '--preferred-versions=v1'] },
  },
];

describe.skipIf(need.skip)(`QUIC through the box${need.why}`, () => {
  let lab: Lab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  async function pages(carrier: Carrier, rules: string, options: FetchOptions) {
    lab = await Lab.open({ tree: inject('builtTree'), carrier, rules });
    const [host] = lab.network.clients;
    if (host === undefined) throw new Error('no client');
    const server = await startWebServer(lab.network, lab.folder, [MESSENGER, OTHER]);
    // What is refused never answers: no machine is too slow for that.
    const waits = rules === NO_QUIC ? { patience: '3s' } : {};
    const messenger = await server.fetch(host, MESSENGER, { ...options, ...waits });
    return { messenger, other: await server.fetch(host, OTHER, options) };
  }

  async function events() {
    await lab?.box.stop();
    return readFileSync(lab?.eventsFile ?? '', 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ kind }) => kind === 'flow.identified');
  }

  describe.each(conditions)('$condition', ({ options }) => {
    test('over the kernel’s bridge it works', { timeout: 120_000 }, async () => {
      expect(await pages('kernel', NOTHING_REFUSED, options)).toEqual({
        messenger: 'over quic',
        other: 'over quic',
      });
    });

    test('without a rule it works, and whose it is is told', { timeout: 120_000 }, async () => {
      expect(await pages('product', NOTHING_REFUSED, options)).toEqual({
        messenger: 'over quic',
        other: 'over quic',
      });
      expect(await events()).toMatchObject([
        { service: 'whatsapp', protocol: 'quic', protocolVersion: '1', host: MESSENGER },
      ]);
    });

    test('refused, the messenger comes over TCP; nobody else notices', {
      timeout: 120_000,
    }, async () => {
      expect(await pages('product', NO_QUIC, options)).toEqual({
        messenger: 'over tls',
        other: 'over quic',
      });
      expect(await events()).toMatchObject([
        { protocol: 'quic', host: MESSENGER, verdict: { action: 'drop', rule: 'no-quic' } },
        { protocol: 'tls', host: MESSENGER, verdict: { action: 'pass' } },
      ]);
    });
  });
});
