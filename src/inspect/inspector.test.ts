import { describe, expect, test } from 'vitest';
import {
  ANY_PROTOCOL,
  type Direction,
  type ExpectedConnection,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Probe,
  type ProtocolDefinition,
  Status,
} from '../../parsers/contract.ts';
import { ImEvent, type VerdictRecord } from '../event/event.ts';
import { Disposition } from '../flow/disposition.ts';
import { ExpectedConnections } from '../flow/expected.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { Conversation, latin1 } from '../stream/conversation.fixture.ts';
import type { StreamListener } from '../stream/listener.ts';
import { Enforcement } from '../verdict/enforcement.ts';
import { Inspector } from './inspector.ts';
import { RegistryView } from './registry-view.ts';
import { NO_SERVICES } from './service-catalogue.ts';

/** Lines: `SAY x` from the client is a message; `EXPECT port` announces; `TLS`, `BECOME x` hand over. */
class LineParser implements FlowParser {
  readonly #context: FlowContext;
  constructor(context: FlowContext) {
    this.#context = context;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    for (const line of latin1(octets).split('\n')) {
      const [command, argument] = line.split(' ');
      if (command === 'SAY') {
        const event = new ImEvent('message');
        event.text = argument;
        event.origin = direction === 0 ? 'client' : 'server';
        sink.event(event, {
          direction,
          start: 0,
          end: 0,
          textStart: -1,
          textEnd: -1,
          head: 0,
          form: 0,
        });
      } else if (command === 'EXPECT') {
        sink.expect({ ...OFFER, address: '10.0.0.5', port: Number(argument) });
      } else if (command === 'REMEMBER') {
        this.#context.memory.set('word', argument);
      } else if (command === 'RECALL') {
        const event = new ImEvent('message');
        event.text = String(this.#context.memory.get('word'));
        sink.event(event, {
          direction,
          start: 0,
          end: 0,
          textStart: -1,
          textEnd: -1,
          head: 0,
          form: 0,
        });
      } else if (command === 'TLS') {
        sink.handOver('tls', 'starttls');
        return Status.HandOver;
      } else if (command === 'BECOME') {
        const rest = octets.subarray(latin1(octets).indexOf(line) + line.length + 1);
        sink.handOver(
          argument ?? '',
          'a tunnel',
          direction === 0 ? rest : undefined,
          direction === 1 ? rest : undefined,
        );
        return Status.HandOver;
      }
    }
    return Status.More;
  }

  gap(): Status {
    return Status.More;
  }
  end(): void {}
  holdFrom(): number {
    return -1;
  }
  held(): number {
    return 100;
  }
}

/** Says what the data connection carried; a stranger (`HI`) is handed on, and the announcement stands. */
class DataParser extends LineParser {
  override push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (latin1(octets).startsWith('HI\n')) {
      sink.expect({ ...OFFER, address: '10.0.0.5', port: 40123 });
      sink.handOver(ANY_PROTOCOL, 'a stranger', octets);
      return Status.HandOver;
    }
    const event = new ImEvent('file.start');
    event.text = latin1(octets);
    sink.event(event, {
      direction,
      start: 0,
      end: 0,
      textStart: -1,
      textEnd: -1,
      head: 0,
      form: 0,
    });
    return Status.More;
  }
}

const OFFER: ExpectedConnection = {
  protocol: 'data',
  service: 'talk',
  offer: {
    service: 'talk',
    account: 'ann',
    sender: 'ann',
    recipient: 'bob',
    senderListens: true,
    room: undefined,
    name: 'a.txt',
    size: 3,
    offset: 0,
    mime: undefined,
    token: undefined,
    method: 'dcc',
    origin: 'client',
  },
};
const LINES: ProtocolDefinition = {
  name: 'lines',
  transport: 'tcp',
  ports: [5222],
  probeLimit: 64,
  probe(direction, octets) {
    const word = direction === 0 ? 'HI\n' : 'YO\n';
    const seen = latin1(octets.subarray(0, 3));
    if (seen === word) return Probe.Yes;
    return word.startsWith(seen) ? Probe.More : Probe.No;
  },
  create: (context) => new LineParser(context),
};
const DATA: ProtocolDefinition = {
  name: 'data',
  transport: 'tcp',
  tunnel: true,
  ports: [],
  probeLimit: 0,
  create: (context) => new DataParser(context),
};

const TUNNEL: ProtocolDefinition = {
  ...LINES,
  name: 'tunnel',
  tunnel: true,
  probe(direction, octets) {
    const seen = latin1(octets.subarray(0, 4));
    if (direction === 1) return octets.length > 20 ? Probe.No : Probe.More;
    if (seen === 'DIG\n') return Probe.Yes;
    return 'DIG\n'.startsWith(seen) ? Probe.More : Probe.No;
  },
};

/** `ping` keeps the way open, `HI` is it. */
const DATAGRAMS: ProtocolDefinition = {
  ...LINES,
  name: 'datagrams',
  transport: 'udp',
  ports: [9],
  probe(_, octets) {
    const seen = latin1(octets);
    return seen === 'ping' ? Probe.More : seen.startsWith('HI\n') ? Probe.Yes : Probe.No;
  },
};

function box(changed: Partial<Limits> = {}, verdict: VerdictRecord['action'] = 'pass') {
  const limits = { ...DEFAULT_LIMITS, ...changed };
  let heard: StreamListener | undefined;
  const ear: StreamListener = {
    opened: (slot) => heard?.opened(slot),
    data: (...call) => heard?.data(...call),
    gap: (...call) => heard?.gap(...call),
    ended: (...call) => heard?.ended(...call),
    closed: (...call) => heard?.closed(...call),
    anomaly: (...call) => heard?.anomaly(...call),
  };
  const talk = new Conversation({ limits, listener: ear });
  const events: ImEvent[] = [];
  const inspector = new Inspector({
    limits,
    registry: new RegistryView([LINES, DATA, TUNNEL, DATAGRAMS]),
    table: talk.table,
    expected: new ExpectedConnections(limits),
    clock: talk.view,
    judge: { judge: () => ({ action: verdict, enforced: true }) },
    enforcement: new Enforcement('replay'),
    services: NO_SERVICES,
    followContent: true,
    contentSink: undefined,
    namePeople: undefined,
    onEvent: (event) => events.push(event),
  });
  heard = inspector;
  const said = () =>
    events.splice(0).map((e) => [e.kind, e.text ?? e.reason ?? e.gap?.octets].join(' ').trim());
  return { talk, inspector, events, said };
}

describe('inspector', () => {
  test('a conversation from identification to its ledger', () => {
    const { talk, events, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nSAY hello\n' });
    talk.server({ seq: 1, ack: 14, data: 'SAY back\n' }).finish();
    expect(events.map((e) => e.flow?.client)).toEqual(Array(4).fill('10.0.0.5:40123'));
    expect(events[3]?.totals).toMatchObject({ events: 2, octetsToServer: 13, octetsToClient: 9 });
    expect(said()).toEqual([
      'flow.identified',
      'message hello',
      'message back',
      'flow.end capture-end',
    ]);
  });

  test('a UDP flow is let go after some datagrams, those that a protocol knows as keep-alives aside', () => {
    const { talk, said } = box({ identificationDatagrams: 3 });
    for (let n = 0; n < 5; n++) talk.datagram(true, 'ping');
    talk.datagram(true, 'HI\nSAY hello\n').finish();
    expect(said()).toEqual(['flow.identified', 'message hello', 'flow.end capture-end']);
    const other = box({ identificationDatagrams: 3 });
    for (let n = 0; n < 3; n++) other.talk.datagram(true, 'pong');
    expect(other.talk.table.disposition(other.talk.slot)).toBe(Disposition.LetGo);
  });

  test('what is not IM is let go at its first octets, without an event', () => {
    const { talk, inspector, events } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'GET / HTTP/1.1\n' });
    expect(talk.table.disposition(talk.slot)).toBe(Disposition.LetGo);
    talk.client({ seq: 16, ack: 1, data: 'HI\nSAY no\n' }).finish();
    expect(events).toEqual([]);
    expect(inspector.counters.snapshot()).toMatchObject({ letGo: 1, undecided: 0 });
  });

  test('the greeting in three segments, the server first', () => {
    const { talk, said } = box();
    talk.handshake().server({ seq: 1, data: 'Y' }).client({ seq: 1, data: 'H' });
    talk.client({ seq: 2, data: 'I\nSAY x\n' });
    expect(said()).toEqual(['flow.identified', 'message x']);
  });

  test('picked up mid-stream from the wrong side: origin, addresses and totals are right', () => {
    const { talk, events } = box();
    talk.server({ seq: 100, ack: 50, data: 'HI\nSAY x\n' }).finish(); // the "server" speaks as client
    const message = events.find((e) => e.kind === 'message');
    expect(message?.origin).toBe('client');
    expect(message?.flow).toMatchObject({ client: '192.0.2.1:5222', server: '10.0.0.5:40123' });
    expect(events.at(-1)?.totals).toMatchObject({ octetsToServer: 9, midstream: true });
    expect(events[0]?.reason).toBe('picked up mid-stream');
  });

  test('STARTTLS: said once, then only counted', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nTLS\n' });
    expect(talk.table.disposition(talk.slot)).toBe(Disposition.Opaque);
    talk.client({ seq: 8, ack: 1, data: 'SAY secret\n' }).finish();
    expect(said()).toEqual(['flow.identified', 'flow.opaque starttls', 'flow.end capture-end']);
  });

  test('octets lost amid a conversation are said, and reading goes on', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\n' });
    talk.client({ seq: 104, ack: 1, data: 'SAY on\n' }).finish();
    expect(said()).toEqual(['flow.identified', 'gap 100', 'message on', 'flow.end capture-end']);
  });

  test('an announced connection is read by what was announced, and only once', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nEXPECT 40123\n' });
    expect(said()).toEqual(['flow.identified']);
    talk.client({ flags: 'F', seq: 17, ack: 1 }).server({ flags: 'F', seq: 1, ack: 18 });
    talk.client({ seq: 18, ack: 2 });
    talk.clientInitial += 70_000;
    talk.handshake().client({ seq: 1, ack: 1, data: 'abc' }).finish();
    expect(said()).toEqual([
      'flow.end reused',
      'flow.identified',
      'file.start abc',
      'flow.end capture-end',
    ]);
  });

  test('who announces the address of a server hides nothing that is said to it; the announcement stands', () => {
    const { talk, inspector, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nEXPECT 40123\n' });
    const again = (data: string) => {
      talk.client({ flags: 'R', seq: 17, ack: 1 });
      talk.clientInitial += 70_000;
      talk.serverInitial += 70_000;
      talk.handshake().client({ seq: 1, ack: 1, data });
    };
    again('HI\nSAY hello\n');
    again('abc');
    expect(said().filter((line) => !line.startsWith('flow.end'))).toEqual([
      'flow.identified',
      'flow.identified',
      'message hello',
      'flow.identified',
      'file.start abc',
    ]);
    expect(inspector.counters.anomaliesBy).toEqual({ 'announced-address-of-another': 1 });
  });

  test('an announced connection that might have been another gets all its octets, in order', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nEXPECT 40123\n' });
    talk.client({ flags: 'R', seq: 17, ack: 1 });
    talk.clientInitial += 70_000;
    talk.serverInitial += 70_000;
    talk.handshake().server({ seq: 1, ack: 1, data: 'Y' }).client({ seq: 1, ack: 2, data: 'H' });
    expect(said().filter((line) => line.startsWith('file'))).toEqual([]);
    talk.client({ seq: 2, ack: 2, data: 'ELLO' }).finish();
    expect(said()).toEqual([
      'flow.identified',
      'file.start Y',
      'file.start H',
      'file.start ELLO',
      'flow.end capture-end',
    ]);
  });

  test('an announced connection that might have been another, and ends, was announced', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nEXPECT 40123\n' });
    talk.client({ flags: 'R', seq: 17, ack: 1 });
    talk.clientInitial += 70_000;
    talk.serverInitial += 70_000;
    talk.handshake().client({ seq: 1, ack: 1, data: 'H' }).finish();
    expect(said().slice(-3)).toEqual(['flow.identified', 'file.start H', 'flow.end capture-end']);
  });

  test('a refused attempt does not use the announcement up', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nEXPECT 40123\n' });
    talk.client({ flags: 'R', seq: 17, ack: 1 });
    talk.clientInitial += 70_000;
    talk.client({ flags: 'S', seq: 0 }).server({ flags: 'R', seq: 0, ack: 1 });
    talk.clientInitial += 70_000;
    talk.serverInitial += 70_000;
    talk.handshake().client({ seq: 1, ack: 1, data: 'abc' }).finish();
    expect(said().filter((line) => line.startsWith('file'))).toEqual(['file.start abc']);
  });

  test('flows share the memory of their protocol', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nREMEMBER this\n' });
    talk.client({ flags: 'R', seq: 18, ack: 1 });
    talk.clientInitial += 70_000;
    talk.serverInitial += 70_000;
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nRECALL\n' });
    expect(said()).toContain('message this');
  });

  test('a tunnel says nothing; what is inside is identified, and the flow has one ledger', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'DIG\nBECOME *\nHI\nSAY inside\n' });
    talk.server({ seq: 1, ack: 28, data: 'SAY back\n' }).finish();
    expect(said()).toEqual([
      'flow.identified inside a tunnel',
      'message inside',
      'message back',
      'flow.end capture-end',
    ]);
  });

  test('a tunnel with nothing of ours inside is let go without a word', () => {
    const { talk, events } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'DIG\nBECOME *\nGET / HTTP/1.1\n' });
    expect(talk.table.disposition(talk.slot)).toBe(Disposition.LetGo);
    talk.finish();
    expect(events).toEqual([]);
  });

  test('a tunnel that has an event of its own is a flow like any other', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'DIG\nSAY own\n' }).finish();
    expect(said()).toEqual(['flow.identified', 'message own', 'flow.end capture-end']);
  });

  test('handed over to a protocol by name: its ledger goes on', () => {
    const { talk, events, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nSAY x\nBECOME data\nabc' });
    talk.finish();
    expect(new Set(events.map((e) => e.flow?.id)).size).toBe(1);
    expect(events.at(-1)?.totals).toMatchObject({ events: 2, octetsToServer: 24 });
    expect(said()).toEqual([
      'flow.identified',
      'message x',
      'file.start abc',
      'flow.end capture-end',
    ]);
  });

  test('a readable flow that becomes something nobody reads still ends once', () => {
    const { talk, said } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nBECOME *\nGET / HTTP/1.1\n' }).finish();
    expect(said()).toEqual(['flow.identified', 'flow.end capture-end']);
  });

  test('tunnels in tunnels are followed to a depth', () => {
    const deep = `${'DIG\nBECOME *\n'.repeat(4)}HI\nSAY x\n`;
    const shallow = box({ tunnelDepth: 3 });
    shallow.talk.handshake().client({ seq: 1, ack: 1, data: deep }).finish();
    expect(shallow.events).toEqual([]);
    expect(shallow.inspector.counters.tunnelsTooDeep).toBe(1);
    const { talk, said } = box({ tunnelDepth: 4 });
    talk.handshake().client({ seq: 1, ack: 1, data: deep }).finish();
    expect(said()).toContain('message x');
  });

  test('limits refuse, count, and leave the flow alone', () => {
    const full = box({ sessions: 0 });
    full.talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nSAY x\n' }).finish();
    expect(full.events).toEqual([]);
    expect(full.inspector.counters.sessionsRefused).toBe(1);
    const waiting = box({ identificationFlows: 0 });
    waiting.talk.handshake().client({ seq: 1, ack: 1, data: 'H' });
    expect(waiting.talk.table.disposition(waiting.talk.slot)).toBe(Disposition.LetGo);
    expect(waiting.inspector.counters.identificationRefused).toBe(1);
  });

  test('parsers share a memory; the flow that goes beyond is not read on, and says so', () => {
    const { talk, inspector, said } = box({ parserOctets: 99 }); // the parser says it holds 100
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\n' });
    expect(said()).toEqual(['flow.identified', 'flow.opaque memory limit']);
    expect(talk.table.disposition(talk.slot)).toBe(Disposition.Opaque);
    expect(inspector.counters.parserMemoryRefused).toBe(1);
    talk.client({ flags: 'R', seq: 4, ack: 1 });
    talk.clientInitial += 70_000;
    talk.serverInitial += 70_000;
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\n' });
    expect(inspector.counters.parserMemoryRefused).toBe(2); // the first one's was given back, not more
  });

  test('memory given back by a closed flow is there for the next', () => {
    const { talk, inspector } = box({ parserOctets: 100 });
    for (let i = 0; i < 3; i++) {
      talk.handshake().client({ seq: 1, ack: 1, data: 'HI\n' });
      talk.client({ flags: 'R', seq: 4, ack: 1 });
      talk.clientInitial += 70_000;
      talk.serverInitial += 70_000;
    }
    expect(inspector.counters.parserMemoryRefused).toBe(0);
  });

  test('a flow that ends before a probe is certain is counted', () => {
    const { talk, inspector, events } = box();
    talk.handshake().client({ seq: 1, ack: 1, data: 'H' }).finish();
    expect(events).toEqual([]);
    expect(inspector.counters.undecided).toBe(1);
    expect(inspector.held()).toBe(0);
  });

  test('every event is stamped and carries what was decided and done', () => {
    const { talk, inspector, events } = box({}, 'drop');
    inspector.emission.capture = 'a.pcap';
    talk.view.frame = 7;
    talk.handshake().client({ seq: 1, ack: 1, data: 'HI\nSAY x\n' });
    const message = events[1];
    expect(message).toMatchObject({ packet: 7, capture: 'a.pcap', protocol: 'lines' });
    expect(message?.time).toBe(talk.view.time[0]);
    expect(message?.id).toHaveLength(36);
    expect(message?.verdict).toMatchObject({ action: 'drop', enforced: false });
    expect(inspector.held()).toBe(100);
  });
});
