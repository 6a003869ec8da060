/** Real TLS through a router's queue: a connection of a service that rules refuse never completes, others do. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { endProcess } from '../record/lab/network.ts';
import { needs } from '../support/need.ts';
import { QueueLab } from './lab/queue-lab.ts';
import { startWebServer, webTools } from './lab/web-server.ts';

const tools = [...webTools, 'ngircd', 'ip', 'ss', 'ethtool', 'sysctl', 'iptables', 'ip6tables'];
const need = needs({ tools, root: true });

const MEDIA = 'mmg.whatsapp.net';
const OTHER = 'www.office.example';
const ARRIVES = 'over tls';
const RULES = `sallyport: 1
rules:
  - id: no-files-of-whatsapp
    on: flow.identified
    if: { service: whatsapp, activity: [media, media-upload, media-download] }
    then: drop
`;

describe.skipIf(need.skip)(`TLS through a queue${need.why}`, () => {
  let lab: QueueLab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  test('media hosts are refused, others are not', { timeout: 120_000 }, async () => {
    lab = await QueueLab.open({ tree: inject('builtTree'), rules: RULES });
    const { network, folder, client } = lab;
    const web = await startWebServer(network, folder, [MEDIA, OTHER]);
    const fetched = (name: string, family: 4 | 6) =>
      web.fetch(client, name, { family, tcpOnly: true }).catch((error: Error) => error.message);
    expect(await fetched(MEDIA, 4)).toBe(ARRIVES); // nobody reads the queue yet
    const product = await lab.startProduct();
    for (const family of [4, 6] as const) {
      expect(await fetched(OTHER, family), lab.log()).toBe(ARRIVES);
      expect(await fetched(MEDIA, family)).toMatch(/errno=104|Connection reset/);
    }
    product.kill('SIGTERM');
    await new Promise((resolve) => product.once('exit', resolve));
    await endProcess(product);
    const verdict = { action: 'drop', enforced: true, rule: 'no-files-of-whatsapp' };
    const told = readFileSync(lab.eventsFile, 'utf8').trim().split('\n');
    const identified = told
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ kind }) => kind === 'flow.identified');
    const one = { service: 'whatsapp', activity: 'media', evidence: 'sni', verdict };
    expect(identified).toMatchObject([one, one]);
  });
});
