/** Captures of QUIC: which name each flow asks for, as tshark and nDPI have it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import type { ServiceCatalogue } from '../../src/inspect/service-catalogue.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { feedFrames, loadCapture } from '../../test/corpus/frames.ts';
import { corpusPath } from '../../test/support/corpus.ts';
import { needs } from '../../test/support/need.ts';

const need = needs({ corpus: true });

/** Everything is of some service, so that everything is said. */
const any = { service: 'any', activity: undefined, confidence: 'high', shared: false } as const;
const ALL: ServiceCatalogue = {
  byHost: () => any,
  bySignature: () => undefined,
  byAddress: () => any,
};

async function identified(file: string): Promise<ImEvent[]> {
  const events: ImEvent[] = [];
  const engine = new Engine({
    mode: 'replay',
    services: ALL,
    onEvent: (event) => {
      if (event.protocol === 'quic' && event.kind === 'flow.identified') events.push(event);
    },
  });
  feedFrames((await loadCapture(corpusPath(file))).frames, engine);
  engine.finish();
  return events;
}

/** file, then of each flow: client's port, version, name asked for, JA4 of its hello. */
const captures: readonly [string, ...[number, string, (string | undefined)?, string?][]][] = [
  [
    'encrypted/google-chat/google_meet.pcapng',
    [59369, '1', 'meet.google.com', 'q13d0311h3_55b375c5d22e_5a1f323ef56d'],
  ],
  [
    'encrypted/snapchat/snapchat_call_v1.pcapng',
    [47520, '1', 'str1-euwest1-34-246-231-140.addlive.io', 'q13d0309h3_55b375c5d22e_08189d42dc81'],
  ],
  [
    'encrypted/telegram/telegram.pcap',
    [61974, 'Q046', 'www.google.com'],
    [50822, 'Q046', 'www.google.com'],
  ],
  [
    'encrypted/wechat/wechat.pcap',
    [51507, 'Q035', 'ssl.gstatic.com'],
    [57591, 'Q035', 'docs.google.com'],
    [35601, 'Q035', 'ssl.gstatic.com'],
  ],
  // A Retry comes; its first hello is whole.
  [
    'negatives/quic-29.pcap',
    [36588, 'draft-29', 'localhost', 'q13d0512h9_d55e91d5c3b2_cd318bf3b157'],
  ],
  [
    'negatives/youtube_quic.pcap',
    [54997, 'Q035', 'pagead2.googlesyndication.com'],
    [56074, 'Q035', 'yt3.ggpht.com'],
    [53859, 'Q035', 'googleads.g.doubleclick.net'],
  ],
  ['negatives/http_ipv6.pcap', [45931, 'Q025', 'www.google.it']],
  // The hello lies over two datagrams and asks for no name.
  [
    'tcp-hard/ndpi-quic_frags_ch_in_multiple_packets.pcapng',
    [58822, '1', undefined, 'q00i0307h4_55b375c5d22e_af0a630e9e67'],
  ],
  ['tcp-hard/pcpp-many_interfaces-1.pcapng', [64144, 'Q025', 'clients6.google.com']],
];

describe.skipIf(need.skip)(`captures of QUIC${need.why}`, () => {
  test.each(captures)('%s', async (file, ...flows) => {
    const found = (await identified(file)).map(
      ({ flow, protocolVersion, host, evidence, tls }) => ({
        port: Number(flow?.client.split(':').at(-1)),
        protocolVersion,
        host,
        evidence,
        ja4: tls?.ja4,
      }),
    );
    const wanted = flows.map(([port, protocolVersion, host, ja4]) => {
      const evidence = host === undefined ? 'address' : 'sni';
      return { port, protocolVersion, host, evidence, ja4 };
    });
    expect(found).toEqual(wanted);
  });

  // Media, games, tunnels and messengers over UDP, and damaged packets.
  test.each(['negatives', 'tcp-hard', 'skype', 'teamspeak', 'mumble', 'oicq', 'sip'])(
    'nothing else in %s is QUIC',
    async (folder) => {
      const listed = new Set(captures.map(([file]) => file));
      const others = readdirSync(corpusPath(folder))
        .map((name) => join(folder, name))
        .filter((file) => /\.p?cap(ng)?$/.test(file) && !listed.has(file));
      expect(others.length).toBeGreaterThan(0);
      for (const file of others) expect(await identified(file), file).toEqual([]);
    },
  );
});
