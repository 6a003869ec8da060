/** Calls over UDP: bytes to facts, and what comes close but is none. Octets are those of captures, shortened. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import '../../test/support/property-seed.ts';
import {
  client,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction, Probe, type ProtocolDefinition, Status } from '../contract.ts';
import { VOICE } from './definition.ts';
import { DISCORD_VOICE } from './discord.ts';
import { IMO_CALL } from './imo.ts';
import { LINE_CALL } from './line.ts';
import { MUMBLE_PING } from './mumble.ts';
import { SKYPE } from './skype.ts';
import { STEAM } from './steam.ts';
import { TEAMSPEAK, TEAMSPEAK_WEBLIST } from './teamspeak.ts';
import { TELEGRAM_REFLECTOR } from './telegram.ts';
import { VIBER_CALL } from './viber.ts';
import { WEBEX_MEDIA } from './webex.ts';
import { ZOOM } from './zoom.ts';

const zeros = (octets: number) => new Uint8Array(octets);
const noise = (octets: number) =>
  Uint8Array.from({ length: octets }, (_, i) => (i * 37 + 11) & 255);

const discovery = joined(hex('00 01 00 46 00 00 ac e3'), zeros(64), hex('6f 74'));
const discovered = joined(hex("00 02 00 46 00 00 ac e3 '192.0.2.100'"), zeros(53), hex('e2 63'));
const hello = joined(
  hex('01 00 02'),
  noise(16),
  zeros(7),
  hex('02 00 7a 00 2a 00 7a 00 2a 00 00 00 40'),
  noise(68),
);
const uuid = 'AF065D88-AA9B-4A81-80A4-B85CD3C41B91';
const peer = joined(
  hex('1f 02 01'),
  noise(21),
  hex(`00 00 00 0d '192.168.1.226' 00 00 00 24 '${uuid}' 00 00 00 00`),
);
const tag = noise(16);
const ones = new Uint8Array(12).fill(0xff);
const asksRelay = joined(tag, ones, hex('fe ff ff ff'), noise(8));
const relaySays = joined(tag, ones, hex('c7 72 15 c0'), noise(32));
const line = joined(hex('d8 9c 00 72 06 02'), noise(154));
const steamLan = joined(hex('ff ff ff ff 21 4c 5f a0'), noise(32));
const steamPing = joined(hex("01 81 'sdping'"), noise(20), zeros(72));
const steamServer = joined(hex("'VS01' 08 00 02 04"), zeros(28), noise(8));
const teamspeak = hex("'TS3INIT1' 00 65 00 00 88 0d d0 57 66 00");
const token = hex('ac 19 35 8c 8f 64 e4 47');
const viberAsks = joined(hex('ed f6 19 00'), token, noise(20), hex('00 00'));
const viberSays = joined(hex('ed f6 1a 00'), token, noise(8));
const viberBegins = joined(hex('ed f6 01 00 05 00'), token, noise(60));
const viberBegun = joined(hex('ed f6 0c 00 01 00'), token, noise(60));
const viberTime = joined(hex('ed f6 09 00 b3 39 92 91 63 01 00 00'), token);
const viberTimed = joined(hex('ed f6 0b 00 b3 39 92 91 63 01 00 00'), zeros(22));
const imoPing = hex('09 02 dc 9a 02 00 00 00 00 00');
const imoPong = hex('09 03 dc 9a 02 00 00 00 00 00');
const imoServer = (time: string) => hex(`00 09 03 ${time} 00 00 00 00 00`);
const webexAsks = hex('01 00 00 00 00 00 00 01');
const webexSays = hex('02 00 00 00 00 b8 9d 01');
const mumbleAsks = hex('00 00 00 00 03 d7 20 00 fa 76 28 7e');
const mumbleSays = hex('00 01 03 04 03 d7 20 00 fa 76 28 7e 00 00 00 00 00 00 00 64 00 01 19 40');
const listAsks = hex('01 80 84 01');
const listSays = hex('01 80 84 01 7c 65 d9 a7');

const TOLD: readonly (readonly [string, ProtocolDefinition, string, ...Turn[]])[] = [
  ['Discord looks for its address', DISCORD_VOICE, 'discord-voice', client(discovery)],
  ['Discord tells the address', DISCORD_VOICE, 'discord-voice', server(discovered)],
  ['Discord keeps alive', DISCORD_VOICE, 'discord-voice', client(hex('13 37 ca fe 0e 00 00 00'))],
  ['Zoom’s hello', ZOOM, 'zoom-sfu', client(hello)],
  ['Zoom peer to peer', ZOOM, 'zoom-p2p', client(peer)],
  ['Telegram asks a relay', TELEGRAM_REFLECTOR, 'telegram-reflector', client(asksRelay)],
  ['Telegram’s relay answers', TELEGRAM_REFLECTOR, 'telegram-reflector', server(relaySays)],
  ['LINE begins a call', LINE_CALL, 'line-call', client(line)],
  ['Steam on the LAN', STEAM, 'steam-discovery', client(steamLan)],
  ['Steam pings a relay', STEAM, 'steam-datagram-relay', client(steamPing)],
  ['Steam connects', STEAM, 'steam-cm', client(steamServer)],
  ['TeamSpeak 3', TEAMSPEAK, 'teamspeak3', client(teamspeak)],
  ['TeamSpeak’s list', TEAMSPEAK_WEBLIST, 'teamspeak-weblist', client(listAsks), server(listSays)],
  ['Viber, token', VIBER_CALL, 'viber-udp', client(viberAsks), server(viberSays)],
  [
    'Viber, call',
    VIBER_CALL,
    'viber-udp',
    client(viberBegins),
    client(viberTime),
    server(viberBegun),
  ],
  ['Viber, time', VIBER_CALL, 'viber-udp', client(viberTime), server(viberTimed)],
  ['imo, peers', IMO_CALL, 'imo-udp', client(imoPing), client(hex('07')), server(imoPong)],
  [
    'imo, its server',
    IMO_CALL,
    'imo-udp',
    server(imoServer('21 9a 02')),
    server(imoServer('5a 9a 02')),
  ],
  ['Webex', WEBEX_MEDIA, 'webex-udp', client(webexAsks), server(webexSays)],
  [
    'Mumble',
    MUMBLE_PING,
    'mumble-ping',
    client(mumbleAsks),
    client(mumbleAsks),
    server(mumbleSays),
  ],
];

const facts = (signature: string) => ({
  identify: {
    evidence: 'signature',
    signatures: [signature],
    reason: expect.stringMatching(/^[A-Zi]/),
  },
});
const hears = (definition: ProtocolDefinition, turns: readonly Turn[]) =>
  feed(definition.create(flowContext({ transport: 'udp' })), turns).heard;
const wants = ({ probe }: ProtocolDefinition, { direction, wire }: Turn) =>
  probe?.(direction, wire, false);

/** What follows their marks has no length of its own. */
const OPEN_ENDED: ReadonlySet<string> = new Set([
  'Steam on the LAN',
  'Steam pings a relay',
  'TeamSpeak 3',
  'Zoom’s hello',
  'Viber, call',
  'Telegram’s relay answers',
]);

describe.each(TOLD.map((row) => [row[0], row] as const))(
  '%s',
  (name, [, definition, signature, ...turns]) => {
    test('is told, and by the last datagram only', () => {
      expect(hears(definition, turns)).toEqual([facts(signature)]);
      expect(hears(definition, turns.slice(0, -1))).toEqual([]);
    });

    test('its first datagram is claimed by nobody before it in the registry', () => {
      const [first] = turns;
      const claims = VOICE.filter((other) => first && wants(other, first) === Probe.Yes);
      expect(claims[0]).toBe(definition);
    });

    test('not where octets are missing or one is added', () => {
      const last = turns.at(-1);
      if (last === undefined) return;
      const shorter = last.wire.subarray(0, Math.min(7, last.wire.length - 1));
      const wires = [shorter, ...(OPEN_ENDED.has(name) ? [] : [joined(last.wire, hex('00'))])];
      for (const wire of wires) {
        const heard = hears(definition, [...turns.slice(0, -1), { ...last, wire }]);
        expect(heard.filter(({ identify }) => identify !== undefined)).toEqual([]);
      }
    });
  },
);

describe('what comes close', () => {
  const changed = (wire: Uint8Array, at: number, octet: number) => {
    const copy = wire.slice();
    copy[at] = octet;
    return copy;
  };
  test.each<[string, ProtocolDefinition, ...Turn[]]>([
    ['a discovery with an address', DISCORD_VOICE, client(changed(discovery, 20, 0x31))],
    ['an answer without one', DISCORD_VOICE, server(changed(discovered, 8, 0))],
    ['an answer from the client', DISCORD_VOICE, client(discovered)],
    ['another keep-alive', DISCORD_VOICE, client(hex('13 37 ca ff 0e 00 00 00'))],
    ['a hello with two numbers', ZOOM, client(changed(hello, 30, 1))],
    ['a hello without a session', ZOOM, client(hello.map((o, i) => (i >= 3 && i < 19 ? 0 : o)))],
    ['a peer whose lengths do not fit', ZOOM, client(changed(peer, 27, 12))],
    ['a tag of ones', TELEGRAM_REFLECTOR, client(asksRelay.map((o, i) => (i < 16 ? 255 : o)))],
    ['eleven ones', TELEGRAM_REFLECTOR, client(changed(asksRelay, 27, 0))],
    ['another length', LINE_CALL, client(changed(line, 1, 0x9d))],
    ['another version', LINE_CALL, client(changed(line, 5, 3))],
    ['a packet of no type', STEAM, client(changed(steamServer, 6, 9))],
    ['another packet', TEAMSPEAK, client(changed(teamspeak, 9, 0x66))],
    ['another token', VIBER_CALL, client(viberAsks), server(changed(viberSays, 5, 0))],
    ['another flow’s number', VIBER_CALL, client(viberAsks), server(changed(viberSays, 0, 0))],
    ['an answer alone', VIBER_CALL, server(viberSays)],
    ['two questions', WEBEX_MEDIA, client(webexAsks), client(webexAsks)],
    ['an answer to nobody', WEBEX_MEDIA, server(webexSays)],
    ['another ident', MUMBLE_PING, client(mumbleAsks), server(changed(mumbleSays, 7, 1))],
    ['another time', IMO_CALL, client(imoPing), server(changed(imoPong, 2, 1))],
    ['the same time again', IMO_CALL, server(imoServer('21 9a 02')), server(imoServer('21 9a 02'))],
    ['a ping sent back by who sent it', IMO_CALL, client(imoPing), client(imoPong)],
    [
      'another question’s list',
      TEAMSPEAK_WEBLIST,
      client(listAsks),
      server(changed(listSays, 1, 0)),
    ],
  ])('%s', (_, definition, ...turns) => {
    expect(hears(definition, turns).filter(({ identify }) => identify !== undefined)).toEqual([]);
  });
});

test('what is not of the protocol is looked at as a new flow', () => {
  const sip = client('MESSAGE sip:bob@e.example SIP/2.0\r\n');
  for (const [name, definition, , first] of TOLD) {
    const ear = new Ear();
    const parser = definition.create(flowContext({ transport: 'udp' }));
    // Whoever forges a beginning that waits for its answer.
    if (parser.push(first?.direction ?? 0, first?.wire ?? zeros(0), ear) !== Status.More) continue;
    expect(parser.push(sip.direction, sip.wire, ear), name).toBe(Status.HandOver);
    expect(ear.heard.at(-1)).toEqual({ handOver: '*', reason: 'after other datagrams' });
  }
});

describe('Skype of old', () => {
  const sealed = (id: number) => joined(Uint8Array.of(id >> 8, id & 255, 2), noise(25));
  const flows = (ids: readonly number[], socket: (i: number) => number = () => 13021) => {
    const memory = new Map<string, unknown>();
    return ids.map((id, i) => {
      const context = flowContext({ transport: 'udp', memory, clientPort: socket(i) });
      return feed(SKYPE.create(context), [client(sealed(id))]).heard.length;
    });
  };
  test('six flows of a socket whose ids go on tell', () => {
    expect(flows([0xfffc, 0xfffe, 0, 2, 4, 6, 8])).toEqual([0, 0, 0, 0, 0, 1, 1]);
  });
  test('not with other ids, from other sockets, or in one flow', () => {
    expect(flows([2, 4, 6, 8, 10, 300, 302])).toEqual(Array(7).fill(0));
    expect(flows([2, 2, 2, 2, 2, 2, 2])).toEqual(Array(7).fill(0));
    expect(flows([2, 4, 6, 8, 10, 12, 14], (i) => i)).toEqual(Array(7).fill(0));
    expect(
      hears(
        SKYPE,
        [2, 4, 6, 8, 10, 12].map((id) => client(sealed(id))),
      ),
    ).toEqual([]);
  });
});

test('random and mutated datagrams: no throw, nothing held, probes are pure', () => {
  const seeds = TOLD.flatMap(([, , , ...turns]) => turns.map(({ wire }) => wire));
  const octetsOf = fc.oneof(
    fc.uint8Array({ maxLength: 120 }),
    fc
      .tuple(fc.constantFrom(...seeds), fc.nat(), fc.nat({ max: 255 }), fc.nat())
      .map(([seed, at, octet, length]) => {
        const copy = seed.slice(0, 1 + (length % (2 * seed.length)));
        copy[at % copy.length] = octet;
        return copy;
      }),
  );
  fc.assert(
    fc.property(fc.array(octetsOf, { maxLength: 24 }), (datagrams) => {
      for (const definition of VOICE) {
        const parser = definition.create(flowContext({ transport: 'udp' }));
        let status: Status = Status.More;
        datagrams.forEach((octets, i) => {
          const direction = i % 2 === 0 ? Direction.ToServer : Direction.ToClient;
          const turn = { direction, wire: octets };
          expect(wants(definition, turn)).toBe(wants(definition, turn));
          if (status === Status.More) status = parser.push(direction, octets, new Ear());
          expect(parser.held()).toBeLessThanOrEqual(256);
        });
      }
    }),
    { numRuns: 50 },
  );
});

test('random datagrams are hardly ever claimed, and never told', () => {
  let claimed = 0;
  let told = 0;
  let seed = 20261126;
  for (let n = 0; n < 20_000; n++) {
    const octets = new Uint8Array(8 + (n % 120));
    for (let at = 0; at < octets.length; at++) {
      seed = (Math.imul(seed, 1103515245) + 12345) | 0;
      octets[at] = seed >>> 16;
    }
    for (const definition of VOICE) {
      if (wants(definition, client(octets)) !== Probe.Yes) continue;
      claimed += 1;
      told += hears(definition, [client(octets)]).length;
    }
  }
  expect(told).toBe(0);
  expect(claimed).toBeLessThan(20_000 / 150); // a sealed octet of Skype's: one in 256, of the short ones
});
