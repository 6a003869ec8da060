import { describe, expect, test } from 'vitest';
import {
  type Direction,
  type ExpectedConnection,
  type FlowContext,
  type FlowParser,
  type ProtocolDefinition,
  Status,
} from '../../parsers/contract.ts';
import type { VerdictRecord } from '../event/event.ts';
import { ImEvent } from '../event/event.ts';
import { PASS } from '../verdict/judge.ts';
import type { SessionHost } from './host.ts';
import { Session } from './session.ts';

const CONTEXT: FlowContext = {
  transport: 'tcp',
  clientAddress: '192.0.2.1',
  clientPort: 40000,
  serverAddress: '192.0.2.2',
  serverPort: 6667,
  midstream: false,
  expected: undefined,
  memory: { get: () => undefined, set() {}, delete() {} },
  follow: () => undefined,
  expectedByToken: () => undefined,
};
const FLOW = {
  id: 'f',
  transport: 'tcp' as const,
  client: '192.0.2.1:40000',
  server: '192.0.2.2:6667',
};
const TOTALS = {
  packetsToServer: 2,
  packetsToClient: 3,
  octetsToServer: 20,
  octetsToClient: 30,
  duration: 1.5,
  midstream: false,
};

/** One octet is one command: m message, f g file offer s1, of b.exe or b.txt, n the next unit, 1 2 where the file s1 or s2 will come, w where one without a token, o odd input, t TLS follows, d done, x past recovery. */
class LetterParser implements FlowParser {
  readonly calls: string[] = [];
  start = 0;

  push(direction: Direction, octets: Uint8Array, sink: Parameters<FlowParser['push']>[2]): Status {
    this.calls.push(`push ${direction}`);
    for (const octet of octets) {
      const letter = String.fromCharCode(octet);
      if (letter === 'm') {
        const unit = { direction, start: 0, end: 1, textStart: -1, textEnd: -1, head: 0, form: 0 };
        const event = new ImEvent('message');
        event.account = 'ann';
        sink.event(event, unit);
      } else if (letter === 'n') this.start += 1;
      else if (letter === 'w') sink.expect(connectionOf(undefined), true);
      else if (letter === 'f' || letter === 'g') {
        const event = new ImEvent('file.offer');
        event.from = 'bob';
        event.file = { token: 's1', name: letter === 'f' ? 'b.exe' : 'b.txt' };
        const { start } = this;
        const unit = { direction, start, end: 1, textStart: -1, textEnd: -1, head: 0, form: 0 };
        sink.event(event, unit);
      } else if (letter === '1' || letter === '2') sink.expect(connectionOf(`s${letter}`));
      else if (letter === 'o') sink.anomaly('odd-letter', direction);
      else if (letter === 't') {
        sink.handOver('tls', 'starttls');
        return Status.HandOver;
      } else if (letter === 'd') return Status.Done;
      else if (letter === 'x') return Status.Lost;
    }
    return Status.More;
  }

  gap(direction: Direction, octets: number): Status {
    this.calls.push(`gap ${direction} ${octets}`);
    return Status.More;
  }

  end(direction: Direction): void {
    this.calls.push(`end ${direction}`);
  }

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return 7;
  }
}

function connectionOf(token: string | undefined): ExpectedConnection {
  const offer = {
    service: 'abc',
    account: undefined,
    sender: 'bob',
    recipient: 'ann',
    senderListens: true,
    room: undefined,
    name: undefined,
    size: undefined,
    offset: 0,
    mime: undefined,
    token,
    method: 'socks5',
    origin: 'server',
  } as const;
  return { protocol: 'socks5', service: 'abc', ...(token ? { token } : {}), offer };
}

function open(flipped = false, verdict: VerdictRecord = PASS) {
  const expected: string[] = [];
  const parser = new LetterParser();
  const events: ImEvent[] = [];
  const counted: string[] = [];
  const host: SessionHost = {
    now: () => 0,
    reads: () => false,
    emit: (event) => {
      events.push(event);
      return event.file?.name === 'b.exe' ? verdict : PASS;
    },
    expect: ({ token }, refused) => {
      expected.push(`${token} ${refused ? 'refused' : 'welcome'}`);
    },
    count: (name) => counted.push(name),
    identify: () => false,
    resolved: () => undefined,
  };
  const definition: ProtocolDefinition = {
    name: 'letters',
    service: 'abc',
    transport: 'tcp',
    ports: [],
    probeLimit: 1,
    create: () => parser,
  };
  const session = new Session(definition, CONTEXT, FLOW, flipped, host);
  const feed = (text: string, direction: Direction = 0) =>
    session.data(
      direction,
      Uint8Array.from(text, (c) => c.charCodeAt(0)),
    );
  return { session, parser, events, counted, expected, feed };
}

describe('session', () => {
  test('stamps what the parser leaves open', () => {
    const { events, feed } = open();
    feed('m');
    expect(events[0]).toMatchObject({ kind: 'message', service: 'abc', protocol: 'letters' });
    expect(events[0]?.flow).toBe(FLOW);
  });

  test('where a refused file would come is refused, whenever it is said', () => {
    const { expected, feed } = open(false, { action: 'drop', enforced: true });
    feed('f1');
    feed('m');
    feed('12');
    expect(expected).toEqual(['s1 refused', 's1 refused', 's2 welcome']);
    const free = open();
    free.feed('f1');
    expect(free.expected).toEqual(['s1 welcome']);
  });

  test('an offer without a token is refused where the parser says so', () => {
    const { expected, feed } = open();
    feed('w');
    expect(expected).toEqual(['undefined refused']);
  });

  test('a later offer of the same token decides; another one in the same unit is refused with it', () => {
    const { expected, feed } = open(false, { action: 'drop', enforced: true });
    feed('fg1');
    feed('ng1');
    expect(expected).toEqual(['s1 refused', 's1 welcome']);
  });

  test('turns directions round when the table took the server for the client', () => {
    const { session, parser, feed } = open(true);
    feed('.', 0);
    session.gap(1, 5, 'loss');
    session.end(0);
    expect(parser.calls).toEqual(['push 1', 'gap 0 5', 'end 1']);
  });

  test('an anomaly is counted each time and said once', () => {
    const { session, events, counted, feed } = open();
    feed('ooo');
    expect(counted).toEqual(['odd-letter', 'odd-letter', 'odd-letter']);
    expect(events.map((e) => [e.kind, e.reason])).toEqual([['flow.anomaly', 'odd-letter']]);
    session.close(TOTALS, 'fin');
    expect(events.at(-1)?.totals?.anomalies).toBe(3);
  });

  test('STARTTLS: opaque with its reason, and nothing is read any more', () => {
    const { session, events, feed } = open();
    feed('mtm');
    feed('m');
    expect(events.map((e) => e.kind)).toEqual(['message', 'flow.opaque']);
    expect(events[1]).toMatchObject({ reason: 'starttls', visibility: 'opaque', account: 'ann' });
    expect([session.reading, session.opaque, session.held()]).toEqual([false, true, 0]);
  });

  test('a parser that gives up leaves an opaque flow', () => {
    const { session, events, feed } = open();
    feed('x');
    expect(events[0]).toMatchObject({ kind: 'flow.opaque', reason: 'undecodable' });
    expect(session.opaque).toBe(true);
  });

  test('a parser that is done is no loss', () => {
    const { session, events, feed } = open();
    feed('d');
    expect([session.reading, session.opaque]).toEqual([false, false]);
    session.close(TOTALS, 'fin');
    expect(events.map((e) => [e.kind, e.visibility])).toEqual([['flow.end', 'metadata']]);
  });

  test('the ledger adds up, and each direction ends once', () => {
    const { session, parser, events, feed } = open();
    feed('mm');
    session.gap(0, 10, 'loss');
    session.gap(1, 5, 'memory');
    session.end(0);
    session.close(TOTALS, 'reset');
    expect(parser.calls.filter((c) => c.startsWith('end'))).toEqual(['end 0', 'end 1']);
    const gaps = events.filter((e) => e.kind === 'gap').map((e) => e.gap);
    expect(gaps).toEqual([
      { octets: 10, cause: 'loss', direction: 'to-server' },
      { octets: 5, cause: 'memory', direction: 'to-client' },
    ]);
    const end = events.at(-1);
    expect(end?.reason).toBe('reset');
    expect(end?.totals).toEqual({ ...TOTALS, events: 2, gaps: 2, gapOctets: 15, anomalies: 0 });
  });
});
