/** Flows that are only recognised: what is said of them, and what becomes of them. */
import { describe, expect, test } from 'vitest';
import { type FlowParser, Probe, type ProtocolDefinition, Status } from '../../parsers/contract.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import { ExpectedConnections } from '../flow/expected.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Conversation } from '../stream/conversation.fixture.ts';
import type { StreamListener } from '../stream/listener.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import { Inspector } from './inspector.ts';
import { RegistryView } from './registry-view.ts';
import type { ServiceCatalogue, ServiceMatch } from './service-catalogue.ts';

const text = (octets: Uint8Array) => String.fromCharCode(...octets);

/**
 * `NAME host\n`, `SIGN signature\n` or `NONE\n` from the client; `CERT host\n` from the server where the client
 * named nobody.
 */
class Namer implements FlowParser {
  push: FlowParser['push'] = (_direction, octets, sink) => {
    const [verb, name = ''] = text(octets).trim().split(' ');
    const reason = 'sealed';
    const tls = () => ({ sni: name });
    if (verb === 'NAME') sink.identify({ evidence: 'sni', hosts: [name], tls, reason });
    else if (verb === 'SIGN') sink.identify({ evidence: 'signature', signatures: [name], reason });
    else if (verb === 'CERT') sink.identify({ evidence: 'certificate', hosts: [name], reason });
    else if (!sink.identify({ evidence: 'address', reason })) return Status.More;
    return Status.Done;
  };
  gap = () => Status.Done;
  end() {}
  holdFrom = () => -1;
  held = () => 10;
}
const VERBS = ['NAME', 'SIGN', 'NONE', 'CERT'];
const SEALED: ProtocolDefinition = {
  name: 'sealed',
  transport: 'tcp',
  opaque: true,
  ports: [],
  probeLimit: 16,
  probe(_direction, octets) {
    const seen = text(octets.subarray(0, 4));
    if (!VERBS.some((verb) => verb.startsWith(seen))) return Probe.No;
    return seen.length < 4 ? Probe.More : Probe.Yes;
  },
  create: () => new Namer(),
};
/** `name address` */
const NAMES: ProtocolDefinition = {
  ...SEALED,
  name: 'names',
  transport: 'udp',
  ports: [5222], // the server's of every Conversation
  probe: (_direction, octets) => (octets[0] === 0 ? Probe.No : Probe.Yes),
  create: () => ({
    ...new Namer(),
    end() {},
    push: (direction, octets, sink) => {
      const [host = '', address = ''] = text(octets).split(' ');
      const place = { start: 0, end: octets.length, textStart: -1, textEnd: -1, head: 0, form: 0 };
      const unit = { direction, ...place };
      sink.identify({ evidence: 'host', hosts: [host], activity: 'lookup', unit, reason: 'names' });
      sink.resolved(host, [address], 60);
      return Status.More;
    },
  }),
};

function match(service: string, more: Partial<ServiceMatch> = {}): ServiceMatch {
  return { service, activity: 'chat', confidence: 'high', shared: false, ...more };
}
const CATALOGUE: ServiceCatalogue = {
  byHost: (host) =>
    host === 'chat.example'
      ? match('chatter')
      : host === 'cdn.example'
        ? match('chatter', { activity: 'media', shared: true })
        : undefined,
  bySignature: (name) => (name === 'chatter-hello' ? match('chatter') : undefined),
  byAddress: () => undefined,
};
/** The server of every Conversation is of its own range. */
const RANGES: ServiceCatalogue = {
  ...CATALOGUE,
  byAddress: () => match('ranger', { activity: 'call', confidence: 'low' }),
};

function box(services = CATALOGUE, judge: (event: ImEvent) => Partial<VerdictRecord> = () => ({})) {
  let heard: StreamListener | undefined;
  const ear: StreamListener = {
    opened: (slot) => heard?.opened(slot),
    data: (...call) => heard?.data(...call),
    gap: (...call) => heard?.gap(...call),
    ended: (...call) => heard?.ended(...call),
    closed: (...call) => heard?.closed(...call),
    anomaly: (...call) => heard?.anomaly(...call),
  };
  const talk = new Conversation({ listener: ear });
  const events: ImEvent[] = [];
  const refused: boolean[] = [];
  const enforcement: Enforcer = {
    carryOut: (wanted, _event, { hasUnit }) => {
      refused.push(!hasUnit);
      return wanted;
    },
    refuseFlow() {},
    closed() {},
  };
  const inspector = new Inspector({
    limits: DEFAULT_LIMITS,
    registry: new RegistryView([SEALED, NAMES]),
    table: talk.table,
    expected: new ExpectedConnections(DEFAULT_LIMITS),
    clock: talk.view,
    judge: { judge: (event) => ({ action: 'pass', enforced: true, ...judge(event) }) },
    enforcement,
    services,
    followContent: false,
    contentSink: undefined,
    namePeople: undefined,
    onEvent: (event) => events.push(event),
  });
  heard = inspector;
  const said = () =>
    events
      .splice(0)
      .map(({ kind, service, activity, evidence, confidence, reason }) =>
        [kind, service, activity, evidence, confidence, reason].filter(Boolean).join(' '),
      );
  /** A connection from a port of its own, up to the client's first words. */
  const say = (data: string, clientPort = 40123) => {
    talk.clientPort = clientPort;
    talk.handshake().client({ seq: 1, ack: 1, data });
    return talk;
  };
  return { talk, inspector, events, said, say, refused };
}

const DROP = { action: 'drop' } as const;
const onIdentified = (verdict: Partial<VerdictRecord>) => (event: ImEvent) =>
  event.kind === 'flow.identified' ? verdict : {};

describe('a flow that is only recognised', () => {
  test('by its name: identified, opaque, and its ledger with service and activity', () => {
    const { say, talk, events, said } = box();
    say('NAME chat.example\n');
    expect(talk.table.disposition(talk.slot)).toBe(Disposition.Opaque);
    talk.finish();
    expect(events[0]).toMatchObject({ host: 'chat.example', tls: { sni: 'chat.example' } });
    expect(events[0]).toMatchObject({ visibility: 'opaque', protocol: 'sealed' });
    expect(events[2]?.totals?.octetsToServer).toBe(18);
    expect(said()).toEqual([
      'flow.identified chatter chat sni high',
      'flow.opaque chatter chat sealed',
      'flow.end chatter chat capture-end',
    ]);
  });

  test('by its signature; of neither nothing is said, and it is let go', () => {
    const { say, talk, inspector, said } = box();
    say('SIGN chatter-hello\n');
    expect(said()[0]).toBe('flow.identified chatter chat signature high');
    say('NAME www.example\n', 40124);
    expect(talk.table.disposition(talk.slot)).toBe(Disposition.LetGo);
    expect(inspector.sessions).toBe(1);
    talk.finish();
    expect(said()).toEqual(['flow.end chatter chat capture-end']);
    expect(inspector.counters.snapshot().recognised).toEqual({ chatter: { chat: 1 } });
  });

  test('what the client does not say the server may', () => {
    const { say, said } = box();
    say('NONE\n').server({ seq: 1, ack: 6, data: 'CERT chat.example\n' });
    expect(said()[0]).toBe('flow.identified chatter chat certificate high');
  });

  test('by the range of its server where nothing else tells, also of an unknown protocol', () => {
    const { say, talk, said } = box(RANGES);
    say('NONE\n');
    expect(said()[0]).toBe('flow.identified ranger call address low');
    say('what is this', 40124);
    expect(said()).toEqual([
      'flow.identified ranger call address low',
      'flow.opaque ranger call unknown protocol',
    ]);
    expect(talk.table.disposition(talk.slot)).toBe(Disposition.Opaque);
    say('NAME www.example\n', 40125); // a name of nobody's says more than a range
    expect(said()).toEqual([]);
  });

  test('by a name that was looked up before, an hour long at least, until another name has the address', () => {
    const { say, talk, said } = box();
    talk.datagram(true, 'chat.example 192.0.2.1');
    expect(said()).toEqual(['flow.identified chatter lookup host high']);
    say('NONE\n');
    expect(said()[0]).toBe('flow.identified chatter chat dns medium');
    talk.datagram(true, 'cdn.example 192.0.2.1');
    say('NONE\n', 40124);
    expect(said()).toContain('flow.identified chatter media dns low');
    talk.datagram(true, 'www.example 192.0.2.1');
    say('NONE\n', 40125);
    expect(said()).toEqual([]);
    talk.datagram(true, 'chat.example 192.0.2.1');
    said();
    talk.view.time[0] = (talk.view.time[0] ?? 0) + 3700e6;
    say('NONE\n', 40126);
    expect(said()).not.toContain('flow.identified chatter chat dns medium');
  });

  test('datagrams on a usual port, by the range of their server after a few', () => {
    const { talk, said } = box({ ...RANGES, byHost: () => undefined });
    for (let n = 0; n < 6; n++) talk.datagram(true, '\0nothing');
    expect(said()).toEqual([
      'flow.identified ranger call address low',
      'flow.opaque ranger call unknown protocol',
    ]);
  });

  test('refused as a whole: nothing more is said of it but its end', () => {
    const { say, talk, said, refused } = box(CATALOGUE, onIdentified(DROP));
    say('NAME chat.example\n');
    talk.finish();
    expect(refused).toEqual([true]);
    expect(said()).toEqual([
      'flow.identified chatter chat sni high',
      'flow.end chatter chat capture-end',
    ]);
  });

  test('a lookup is refused by itself, as often as it is made', () => {
    const { talk, said, refused } = box(CATALOGUE, onIdentified(DROP));
    talk.datagram(true, 'chat.example 192.0.2.1').datagram(true, 'www.example 192.0.2.9');
    talk.datagram(true, 'chat.example 192.0.2.1');
    expect(refused).toEqual([false, false]);
    expect(said()).toHaveLength(2);
  });
});

describe('learned addresses', () => {
  const LEARN = onIdentified({ ...DROP, learn: 60 });

  test('the next flow to the server is refused at its first packet, as long as it was learned for', () => {
    const { say, talk, said } = box(CATALOGUE, LEARN);
    say('NAME chat.example\n');
    said();
    talk.clientPort = 40124;
    talk.client({ flags: 'S', seq: 0 });
    expect(said()).toEqual(['flow.identified chatter chat learned medium']);
    talk.view.time[0] = (talk.view.time[0] ?? 0) + 61e6;
    talk.clientPort = 40125;
    talk.client({ flags: 'S', seq: 0 });
    expect(said().filter((line) => line.includes('learned'))).toEqual([]);
  });

  test('not from shared hosts, and not without a rule that says so', () => {
    for (const [judge, host] of [
      [LEARN, 'cdn.example'],
      [onIdentified(DROP), 'chat.example'],
    ] as const) {
      const { say, talk, said } = box(CATALOGUE, judge);
      say(`NAME ${host}\n`);
      expect(said()[0]).toContain('sni high');
      talk.clientPort = 40124;
      talk.client({ flags: 'S', seq: 0 });
      expect(said()).toEqual([]);
    }
  });

  test('where the policy has come to let it pass, the flow is looked at as any other', () => {
    let verdict: Partial<VerdictRecord> = { ...DROP, learn: 60 };
    const { say, said } = box(CATALOGUE, (event) => onIdentified(verdict)(event));
    say('NAME chat.example\n');
    said();
    verdict = {};
    say('SIGN chatter-hello\n', 40124);
    expect(said()[0]).toBe('flow.identified chatter chat signature high');
  });

  test("one client's word counts for itself alone, unless the network says the same", () => {
    for (const isLookedUp of [false, true]) {
      const { say, talk, said } = box(CATALOGUE, (event) =>
        event.activity === 'lookup' ? {} : LEARN(event),
      );
      if (isLookedUp) talk.datagram(true, 'chat.example 192.0.2.1');
      say('NAME chat.example\n');
      said();
      talk.clientAddress = 0x0a000006;
      talk.clientPort = 40124;
      talk.client({ flags: 'S', seq: 0 });
      expect(said()).toHaveLength(isLookedUp ? 1 : 0);
    }
  });
});
