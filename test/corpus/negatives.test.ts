/**
 * Captures that are not IM, and captures whose IM is not decoded yet: nothing may be claimed of
 * them. And captures with hard TCP and IP: processed without a throw, without a false message.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { shippedServices } from '../support/shipped-services.ts';
import { ledgerFaults } from './ledger.ts';
import { type Replay, replayFile } from './replay.ts';
import { table } from './table.ts';
import { capturesBelow } from './truth.ts';

const need = needs({ corpus: true });
const below = (folder: string) => (need.skip ? [] : capturesBelow(folder));

/** Folders whose protocols this version does not decode. */
const NOT_DECODED = [
  'encrypted',
  'mumble',
  'nats',
  'skype',
  'stomp',
  'teamspeak',
  'websocket',
  'recorded/mumble',
];

/** Files that cannot be read to their end, and what the reader must say of them. */
const BROKEN: Readonly<Record<string, RegExp>> = {
  'tcp-hard/pcpp-solaris.snoop': /looks like a Solaris snoop capture/,
  'negatives/pgsql-results-with-im-words.pcap': /cut off in the middle of packet 786/,
};

/** IM in captures that are kept for something else, and all that is said of it: tshark shows the same. */
const IM_INSIDE: Readonly<Record<string, readonly string[]>> = {
  // Frame 61: 192.168.133.100:49285 → 66.196.121.26:5050, a keep-alive of YMSG 16 (service 0x8a).
  'negatives/smtp-zeek-contains-YMSG-bytes.pcap': [
    'packet 61: flow.identified ymsg  ',
    'packet 61: presence ymsg albertzaharovits ',
    'packet 125: flow.end ymsg  ',
  ],
  // Frames 409 to 1110: a telephone, 10.8.0.1:64538 → 172.16.1.75:5060, registers and gets no answer.
  'encrypted/webex/webex.pcap': [
    'packet 409: flow.identified sip  ',
    'packet 1110: flow.end sip  ',
  ],
  // Its only frame: `SIP/2.0 100 Trying` inside GRE.
  'tcp-hard/ndpi-gre.pcapng': ['packet 1: flow.identified sip  ', 'packet 1: flow.end sip  '],
};

async function run(path: string): Promise<Replay> {
  const replay = await replayFile(corpusPath(path));
  const broken = BROKEN[path];
  if (broken) expect(replay.error?.message).toMatch(broken);
  else expect(replay.error).toBeUndefined();
  expect(ledgerFaults(replay.events)).toEqual([]);
  return replay;
}

function said(replay: Replay): string[] {
  return replay.events.map(
    (e) => `packet ${e.packet}: ${e.kind} ${e.protocol} ${e.from ?? ''} ${e.text ?? ''}`,
  );
}

describe.skipIf(need.skip)(`nothing is said of what is not IM${need.why}`, () => {
  test.each(below('negatives'))('%s', async (path) => {
    expect(said(await run(path))).toEqual(IM_INSIDE[path] ?? []);
  });
});

/** True of what is in them, and known by its name: a lookup, a web page, a resolver. */
const RECOGNISED: Readonly<Record<string, readonly string[]>> = {
  // Frame 4 asks for e7.whatsapp.net: nDPI says DNS.WhatsApp.
  'negatives/dns.pcap': ['whatsapp lookup host e7.whatsapp.net'],
  'negatives/dns_dot.pcap': ['doh-google  certificate dns.google'],
  'negatives/http_ipv6.pcap': ['facebook web sni s-static.ak.facebook.com'],
  // Frame 96: TLS that was there before, to 17.172.238.21:5223.
  'negatives/smtp-zeek-contains-YMSG-bytes.pcap': ['apple-push push address '],
};

describe.skipIf(need.skip)(`no messenger is recognised where there is none${need.why}`, () => {
  const services = shippedServices().compiled;
  test.each(below('negatives'))('%s', async (path) => {
    const { events } = await replayFile(corpusPath(path), services);
    const said = events
      .filter(({ kind, evidence }) => kind === 'flow.identified' && evidence !== 'content')
      .map((e) => `${e.service} ${e.activity ?? ''} ${e.evidence} ${e.host ?? ''}`);
    expect([...new Set(said)]).toEqual(RECOGNISED[path] ?? []);
  });
});

describe.skipIf(need.skip)(`nothing is claimed of what is not decoded${need.why}`, () => {
  test.each(NOT_DECODED.flatMap(below))('%s', async (path) => {
    const replay = await run(path);
    expect(said(replay)).toEqual(IM_INSIDE[path] ?? []);
  });
});

describe.skipIf(need.skip)(`hard TCP and IP${need.why}`, () => {
  const rows: (readonly (string | number)[])[] = [];
  test.each(below('tcp-hard'))('%s', async (path) => {
    const replay = await run(path);
    const { decoded, streams, flows } = replay.counters;
    rows.push([
      path.slice('tcp-hard/'.length),
      replay.frames,
      nonZero(decoded),
      nonZero(flows),
      nonZero(streams),
    ]);
    expect(said(replay)).toEqual(IM_INSIDE[path] ?? []);
  });

  afterAll(() => {
    if (rows.length > 0) table(['capture', 'frames', 'decoded', 'flows', 'streams'], rows);
  });
});

function nonZero(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, n]) => n > 0);
  return parts.map(([name, n]) => `${name} ${n}`).join(', ');
}
