/**
 * Calls, voice and lookups over UDP in the public captures: each flow that nDPI names is told by the right mark, and
 * no mark is seen where there is none. The catalogue here knows every signature and every name by itself.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import type { ServiceCatalogue, ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { feedFrames, loadCapture } from './frames.ts';
import { capturesBelow } from './truth.ts';

const need = needs({ corpus: true });

/** What nDPI calls a flow, and by which signatures it is told here. */
const MARKS: Readonly<Record<string, readonly string[]>> = {
  Discord: ['discord-voice'],
  IMO: ['imo-udp'],
  LineCall: ['line-call'],
  Steam: ['steam-discovery'],
  SteamDatagramRelay: ['steam-datagram-relay'],
  'STUN.Skype_TeamsCall': ['stun-teams'],
  Telegram: ['telegram-reflector'],
  Viber: ['viber-udp'],
  'STUN.ViberVoip': ['stun-viber'],
  Webex: ['webex-udp'],
  'STUN.WhatsAppCall': ['stun-whatsapp'],
  'SRTP.WhatsAppCall': ['stun-whatsapp'],
  Zoom: ['zoom-sfu', 'zoom-p2p'],
  'STUN.Zoom': ['stun-zoom'],
};
/** Flows that only their server's address tells. */
const BY_ADDRESS: ReadonlySet<string> = new Set([
  // QUIC-like datagrams to a relay of Microsoft's; nDPI knows the address, too.
  'encrypted/teams/teams.pcap 192.168.1.6:51681 52.114.77.136:3478',
]);
/** Captures of something else with such calls in them: the client of this one is Skype, as its name says. */
const INSIDE: Readonly<Record<string, string>> = { 'irc/SkypeIRC.pcap': 'skype-udp' };
const SIGNATURES =
  /^(stun-|discord-voice|zoom-|telegram-reflector|line-call|viber-udp|imo-udp|webex-udp|mumble-ping|teamspeak|steam-|skype-udp)/;

interface NdpiFlow {
  readonly l4: string;
  readonly a: string;
  readonly b: string;
  readonly service: string;
}
interface CaptureTruth {
  readonly dns_queries: readonly unknown[];
  readonly ndpi_flows?: readonly NdpiFlow[];
}

const match = (service: string): ServiceMatch => ({
  service,
  activity: undefined,
  confidence: 'high',
  shared: false,
});
const byName = (host: string) => (host.includes('.') ? match(`host ${host}`) : undefined);
const MARKED: ServiceCatalogue = {
  byHost: () => undefined,
  bySignature: (name) => (SIGNATURES.test(name) ? match(name) : undefined),
  byAddress: () => undefined,
};
const NAMED: ServiceCatalogue = { ...MARKED, byHost: byName, bySignature: () => undefined };

async function recognised(path: string, services: ServiceCatalogue): Promise<ImEvent[]> {
  const events: ImEvent[] = [];
  const engine = new Engine({
    mode: 'replay',
    followContent: false,
    onEvent: (event) => events.push(event),
    services,
  });
  const { frames } = await loadCapture(corpusPath(path));
  feedFrames(frames, engine);
  engine.finish();
  return events.filter(
    ({ kind, evidence }) =>
      kind === 'flow.identified' && evidence !== undefined && evidence !== 'content',
  );
}

const truth = (): Record<string, CaptureTruth> =>
  need.skip
    ? {}
    : (JSON.parse(readFileSync(corpusPath('truth', 'encrypted.json'), 'utf8')) as Record<
        string,
        CaptureTruth
      >);

const ends = (event: ImEvent) =>
  [event.flow?.client ?? '', event.flow?.server ?? ''].sort().join(' ');

describe.skipIf(need.skip)(`flows that nDPI names are told by their marks${need.why}`, () => {
  const captures = Object.entries(truth()).flatMap(([path, { ndpi_flows = [] }]) => {
    const flows = ndpi_flows.filter(({ l4, service }) => l4 === 'UDP' && service in MARKS);
    return flows.length > 0 ? [[path, flows] as const] : [];
  });
  test('there are such captures', () => expect(captures.length).toBeGreaterThan(12));

  test.each(captures)('%s', async (path, flows) => {
    const said = await recognised(path, MARKED);
    const told = new Map(said.map((event) => [ends(event), event.service]));
    for (const { a, b, service } of flows) {
      const wanted = MARKS[service] ?? [];
      expect(wanted, `${a} ${b} ${service}`).toContain(told.get([a, b].sort().join(' ')));
    }
    const others = Object.entries(truth()).find(([name]) => name === path)?.[1].ndpi_flows ?? [];
    const teams = others.filter(({ service }) => service === 'Skype_TeamsCall');
    for (const { a, b } of teams) expect(BY_ADDRESS).toContain(`${path} ${a} ${b}`);
  });

  test.each<[string, Readonly<Record<string, number>>]>([
    ['encrypted/facebook/stun_facebook.pcapng', { 'stun-facebook': 1 }],
    ['mumble/mumble.pcapng', { 'mumble-ping': 2 }],
    // One client asks the list again and again: by its idle time each time a new flow.
    ['teamspeak/teamspeak3.pcap', { teamspeak3: 1, 'teamspeak-weblist': 2 }],
    ['skype/skype-conference-call.pcap', { 'stun-teams': 1 }],
    ['skype/skype.pcap', { 'skype-udp': 2 }],
    ['skype/skype_no_unknown.pcap', { 'skype-udp': 2 }],
  ])('%s', async (path, wanted) => {
    const said = await recognised(path, MARKED);
    const counts: Record<string, number> = {};
    for (const { service = '' } of said) counts[service] = (counts[service] ?? 0) + 1;
    expect(Object.keys(counts).sort()).toEqual(Object.keys(wanted).sort());
    for (const [signature, least] of Object.entries(wanted)) {
      expect(counts[signature]).toBeGreaterThanOrEqual(least);
    }
  });
});

describe.skipIf(need.skip)(`no marks where there are none${need.why}`, () => {
  const folders = ['negatives', 'tcp-hard', 'irc', 'msnp', 'oscar', 'xmpp', 'nmdc', 'oicq', 'mqtt'];
  const more = ['websocket', 'sip', 'stomp', 'nats'];
  const ofOthers = ['dingtalk', 'google-chat', 'kakaotalk', 'mixed-mobile', 'signal', 'snapchat'];
  const below = [
    ...folders,
    ...more,
    ...[...ofOthers, 'threema', 'vk', 'wechat'].map((f) => `encrypted/${f}`),
  ];
  test.each(need.skip ? [] : below)('%s', async (folder) => {
    const paths = capturesBelow(folder);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) {
      const said = await recognised(path, MARKED);
      const others = said.filter(({ service }) => service !== INSIDE[path]);
      expect(others.map((event) => `${path} ${event.flow?.server} ${event.service}`)).toEqual([]);
    }
  });
});

describe.skipIf(need.skip)(`names that are looked up are heard${need.why}`, () => {
  const captures = Object.entries(truth()).filter(([, { ndpi_flows = [] }]) =>
    ndpi_flows.some(({ service }) => /^DNS\b/.test(service)),
  );
  test.each(captures)('%s', async (path, { ndpi_flows = [] }) => {
    const lookups = (await recognised(path, NAMED)).filter(({ activity }) => activity === 'lookup');
    const heard = new Map<string, Set<string>>();
    for (const event of lookups) {
      const names = heard.get(ends(event)) ?? new Set();
      heard.set(ends(event), names.add(event.host ?? ''));
    }
    for (const flow of ndpi_flows) {
      if (!/^DNS(\.|$)/.test(flow.service) || flow.l4 !== 'UDP') continue;
      const { host } = flow as NdpiFlow & { host: string | null };
      if (host === null || !host.includes('.')) continue;
      // nDPI writes what no host has as `_`; names that an answer tells are not asked for.
      const names = heard.get([flow.a, flow.b].sort().join(' '));
      expect(names, `${flow.a} ${flow.b} ${host}`).toBeDefined();
    }
    expect(lookups.length).toBeGreaterThan(0);
  });
});
