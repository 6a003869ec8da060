/** A short day of IM as events, for the tests of the report. */

import type { RunFacts } from '../../appliance/report/replay-report.ts';
import { decodeEvent } from '../../src/event/decode.ts';
import type { ImEvent } from '../../src/event/event.ts';

const FLOW = { id: 'f1', client: '10.0.0.5:40123', server: '192.0.2.1:5222' };
const PASS = { action: 'pass', enforced: true };
const refused = (action: string, rule: string) => ({
  action,
  enforced: false,
  rule,
  why: 'replay',
});

const XMPP = {
  service: 'xmpp',
  protocol: 'xmpp',
  flow: FLOW,
  account: 'alice@a.example',
  verdict: PASS,
};
const IRC = {
  service: 'irc',
  protocol: 'irc',
  flow: { ...FLOW, id: 'f2' },
  account: 'alice',
  verdict: PASS,
};
const CHAT = {
  ...XMPP,
  kind: 'message',
  from: 'alice@a.example',
  to: 'bob@b.example',
  origin: 'client',
};
const ROOM = { ...IRC, kind: 'message', room: '#ops', origin: 'server' };
const FILE = {
  ...IRC,
  from: 'eve',
  to: 'alice',
  origin: 'server',
  file: { name: '../../plan\u202efdp.exe', size: 17920, method: 'dcc', token: 't1' },
};
const SHA = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export const SAMPLE_DAY: readonly Record<string, unknown>[] = [
  { ...XMPP, kind: 'flow.identified', account: undefined },
  { ...IRC, kind: 'flow.identified', account: undefined },
  { ...XMPP, kind: 'session.login', origin: 'client' },
  { ...XMPP, kind: 'contact.list', contact: 'bob@b.example', list: 'roster' },
  { ...XMPP, kind: 'contact.list', contact: 'carol@b.example', list: 'roster' },
  { ...IRC, kind: 'session.failed', account: 'mallory', reason: 'wrong password' },
  { ...IRC, kind: 'session.login' },
  { ...CHAT, text: 'hello bob' },
  {
    ...CHAT,
    origin: 'server',
    from: 'bob@b.example',
    to: 'alice@a.example',
    text: '你好, alice 😀',
  },
  {
    ...CHAT,
    text: 'my card is 4111 1111 1111 1111',
    verdict: { ...refused('redact', 'card-numbers-stay-inside'), alert: 'high', tags: ['pci'] },
  },
  { ...CHAT, copy: 'carbon', text: 'hello bob' },
  ...Array.from({ length: 9 }, (_, i) => ({ ...CHAT, text: `note ${i + 1}` })),
  { ...ROOM, from: 'bob', text: 'build is green' },
  {
    ...ROOM,
    from: 'eve',
    text: '\u001b[2Jpwned\nsecond line',
    verdict: refused('drop', 'no-terminal-tricks'),
  },
  { ...ROOM, from: 'carol', form: 'action', text: `waves ${'and waves '.repeat(40)}` },
  { ...FILE, kind: 'file.offer', verdict: refused('drop', 'files-from-trusted-only') },
  {
    ...FILE,
    kind: 'file.start',
    from: undefined,
    to: undefined,
    file: { method: 'dcc', token: 't1' },
  },
  {
    ...FILE,
    kind: 'file.complete',
    from: 'eve',
    file: { size: 1024, method: 'dcc', token: 't1', sha256: SHA },
  },
  {
    ...IRC,
    kind: 'file.offer',
    from: 'alice',
    to: 'bob',
    file: { name: 'notes.txt', size: 12, method: 'dcc', token: 't2' },
  },
  { ...IRC, kind: 'file.decline', from: 'bob', to: 'alice', file: { token: 't2' } },
  {
    ...XMPP,
    kind: 'contact.request',
    origin: 'server',
    from: 'eve@evil.example',
    verdict: refused('hold', 'strangers-wait'),
  },
  { ...XMPP, kind: 'contact.add', origin: 'client', contact: 'carol@b.example' },
  { ...XMPP, kind: 'app.unknown', reason: 'iq urn:example:new' },
  { ...IRC, kind: 'gap', gap: { octets: 1460, cause: 'loss', direction: 'to-client' } },
  { ...IRC, kind: 'flow.opaque', reason: 'starttls' },
  { ...IRC, kind: 'flow.anomaly', anomalies: ['line-too-long'] },
  {
    ...XMPP,
    kind: 'flow.end',
    totals: {
      packetsToServer: 10,
      packetsToClient: 12,
      octetsToServer: 1000,
      octetsToClient: 2000,
      duration: 60,
      events: 20,
      gaps: 0,
      gapOctets: 0,
      anomalies: 0,
      midstream: true,
    },
  },
  { ...IRC, kind: 'session.logout' },
];

/** One event a minute from 09:00:00 on. */
export function sampleDay(): ImEvent[] {
  return SAMPLE_DAY.map((json, i) => {
    const given = Object.fromEntries(
      Object.entries(json).filter(([, value]) => value !== undefined),
    );
    const { event, problems } = decodeEvent(given);
    if (event === undefined) throw new Error(JSON.stringify(problems));
    event.time = (Date.UTC(2026, 10, 23, 9) + i * 60_000) * 1000;
    return event;
  });
}

export const SAMPLE_FACTS: RunFacts = {
  version: '0.1.0',
  captures: ['day.pcap', 'bad.pcap'],
  policy: 'shipped packs (6 files, 31 rules)',
  counters: {
    frames: 12_345,
    octets: 654_321,
    wireOctets: 654_321,
    decoded: { tcp: 1_200, udp: 30, notIp: 4, truncated: 0 },
    decode: { badChecksums: 0 },
    flows: { created: 17, timedOut: 0, current: 0 },
    streams: { reordered: 3 },
    expected: { registered: 2, taken: 1 },
    inspect: {
      letGo: 15,
      undecided: 0,
      identificationRefused: 0,
      sessionsRefused: 0,
      recognisersEnded: 0,
      recognisedEnded: 0,
      parserMemoryRefused: 0,
      tunnelsTooDeep: 0,
      identified: {},
      recognised: {},
      events: {},
      verdicts: {},
      anomalies: {},
    },
  },
  faults: ['bad.pcap: after packet 12, at octet 3456: the file ends within a packet'],
  interrupted: false,
  seconds: 0.5,
  peakMemory: 91_000_000,
  eventsFile: 'out/events.jsonl',
  extracted: undefined,
};
