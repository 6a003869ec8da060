/**
 * Real TLS through the box: connections of a service that rules refuse end at their ClientHello, which never
 * arrives; those beside them are untouched.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { needs } from '../support/need.ts';
import type { Carrier } from './lab/box.ts';
import { Lab } from './lab/lab.ts';
import { sniff } from './lab/sniffer.ts';
import { startWebServer, type WebServer, webTools } from './lab/web-server.ts';

const tools = [...webTools, 'ip', 'ss', 'ethtool', 'ping', 'sysctl', 'tcpdump'];
const need = needs({ tools, root: true });

const CHAT = 'g.whatsapp.net';
const MEDIA = 'mmg.whatsapp.net';
const OTHER = 'www.office.example';
const ARRIVES = 'over tls';
/** What the client hears: a RST (errno 104) to its hello, or to its SYN. */
const REFUSED = 'reset';

const rule = (also: string) => `sallyport: 1
rules:
  - id: no-files-of-whatsapp
    on: flow.identified
    if: { service: whatsapp, activity: [media, media-upload, media-download] }
    then: drop
    ${also}
`;

describe.skipIf(need.skip)(`TLS through the box${need.why}`, () => {
  let lab: Lab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  async function open(carrier: Carrier, rules: string) {
    lab = await Lab.open({ tree: inject('builtTree'), carrier, rules });
    const { network, folder } = lab;
    const [host] = network.clients;
    if (host === undefined) throw new Error('no client');
    const server = await startWebServer(network, folder, [CHAT, MEDIA, OTHER]);
    return { lab, host, server };
  }

  type Opened = Awaited<ReturnType<typeof open>>;

  async function pages({ host, server }: Opened, family: 4 | 6) {
    const got: Record<string, string> = {};
    for (const name of [CHAT, MEDIA, OTHER, MEDIA]) {
      got[name] = await fetched(server, host, name, family);
    }
    return got;
  }

  function fetched(server: WebServer, host: Opened['host'], name: string, family: 4 | 6) {
    return server.fetch(host, name, { family, tcpOnly: true }).catch((error: Error) => {
      if (/errno=104|Connection refused|Connection reset/.test(error.message)) return REFUSED;
      throw error;
    });
  }

  async function identified({ lab }: Opened) {
    await lab.box.stop();
    return readFileSync(lab.eventsFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ kind }) => kind === 'flow.identified');
  }

  test('over the kernel’s bridge all pages come', { timeout: 120_000 }, async () => {
    const all = { [CHAT]: ARRIVES, [MEDIA]: ARRIVES, [OTHER]: ARRIVES };
    expect(await pages(await open('kernel', rule('')), 4)).toEqual(all);
  });

  test.each([4, 6] as const)(
    'IPv%i: media hosts are refused while chat hosts work',
    {
      timeout: 120_000,
    },
    async (family) => {
      const opened = await open('product', rule(''));
      const { network, folder } = opened.lab;
      const { server } = network;
      const place = { host: server, device: 'port1', direction: 'in' } as const;
      const sniffer = await sniff(network, place, join(folder, 'server.pcap'), [
        'tcp',
        'port',
        '443',
      ]);
      expect(await pages(opened, family)).toEqual({
        [CHAT]: ARRIVES,
        [MEDIA]: REFUSED,
        [OTHER]: ARRIVES,
      });
      const frames = await sniffer.frames(() => false);
      const seen = (name: string) =>
        frames.filter(({ octets }) => Buffer.from(octets).includes(name)).length;
      expect(seen(CHAT)).toBeGreaterThan(0);
      expect(seen(OTHER)).toBeGreaterThan(0);
      expect(seen(MEDIA)).toBe(0);
      const verdict = { action: 'drop', enforced: true, rule: 'no-files-of-whatsapp' };
      expect(await identified(opened)).toMatchObject([
        { service: 'whatsapp', activity: 'chat', evidence: 'sni', verdict: { action: 'pass' } },
        { service: 'whatsapp', activity: 'media', tls: { sni: MEDIA }, verdict },
        { service: 'whatsapp', activity: 'media', tls: { sni: MEDIA }, verdict },
      ]);
    },
  );

  test('where the rule says so, the next connection is refused at its SYN', {
    timeout: 120_000,
  }, async () => {
    const opened = await open('product', rule('also: [ { learn: 1h } ]'));
    const { host, server } = opened;
    expect(await fetched(server, host, MEDIA, 4)).toBe(REFUSED);
    expect(await fetched(server, host, CHAT, 4)).toBe(REFUSED); // the same server, in this lab
    expect(await fetched(server, host, CHAT, 6)).toBe(ARRIVES);
    expect(await identified(opened)).toMatchObject([
      { activity: 'media', evidence: 'sni', verdict: { enforced: true } },
      { activity: 'media', evidence: 'learned', verdict: { enforced: true } },
      { activity: 'chat', evidence: 'sni', verdict: { action: 'pass' } },
    ]);
  });
});
