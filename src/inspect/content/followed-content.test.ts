/** A transfer's content through the engine: what is kept, told and dropped of a file between IRC users. */
import { describe, expect, test } from 'vitest';
import type {
  ContentFollower,
  Direction,
  FlowContext,
  FlowParser,
  ParserSink,
  ProtocolDefinition,
} from '../../../parsers/contract.ts';
import { Status } from '../../../parsers/contract.ts';
import { ImEvent } from '../../event/event.ts';
import { PASS } from '../../verdict/judge.ts';
import { Session } from '../session.ts';
import type { ContentSink } from './content-sink.ts';
import type { FollowedContent } from './followed-content.ts';

const UNIT = {
  direction: 0 as Direction,
  start: 0,
  end: 1,
  textStart: -1,
  textEnd: -1,
  head: 0,
  form: 0,
};

/** Words: `open`, `write:octets`, `complete:name`, `message`, `discard`, `finish`. */
class WordParser implements FlowParser {
  readonly #context: FlowContext;
  #follower: ContentFollower | undefined = undefined;

  constructor(context: FlowContext) {
    this.#context = context;
  }

  push(_direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    for (const word of String.fromCharCode(...octets).split('\n')) {
      const [what, rest = ''] = word.split(':');
      if (what === 'open') this.#follower = this.#context.follow();
      if (what === 'write') this.#follower?.write(Uint8Array.from(rest, (c) => c.charCodeAt(0)));
      if (what === 'discard') this.#follower?.discard();
      if (what === 'finish') this.#follower?.finish();
      if (what === 'message') sink.event(new ImEvent('message'), UNIT);
      if (what === 'done') return Status.Done;
      if (what === 'complete') {
        const event = new ImEvent('file.complete');
        event.file = { name: rest };
        const sha256 = this.#follower?.finish();
        event.file = { ...event.file, sha256 };
        sink.event(event, UNIT);
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
    return 0;
  }
}

const TOTALS = {
  packetsToServer: 1,
  packetsToClient: 1,
  octetsToServer: 1,
  octetsToClient: 1,
  duration: 1,
  midstream: false,
};

function open() {
  const log: string[] = [];
  const sink: ContentSink = {
    open() {
      let kept = '';
      log.push('opened');
      return {
        write: (octets) => {
          kept += String.fromCharCode(...octets);
        },
        complete: (event) =>
          log.push(`kept ${kept} as ${event.file?.name}, ${event.verdict?.action}`),
        discard: () => log.push('dropped'),
      };
    },
  };
  const events: ImEvent[] = [];
  const context: FlowContext = {
    transport: 'tcp',
    clientAddress: '192.0.2.1',
    clientPort: 40000,
    serverAddress: '192.0.2.2',
    serverPort: 6667,
    midstream: false,
    expected: undefined,
    memory: new Map<string, unknown>(),
    follow: (): FollowedContent => session.follow(sink),
    expectedByToken: () => undefined,
  };
  const definition: ProtocolDefinition = {
    name: 'words',
    transport: 'tcp',
    ports: [],
    probeLimit: 1,
    create: (given) => new WordParser(given),
  };
  const host = {
    now: () => 0,
    reads: () => false,
    emit: (event: ImEvent) => {
      event.verdict = PASS;
      events.push(event);
      return PASS;
    },
    expect() {},
    count() {},
    identify: () => false,
    resolved() {},
  };
  const flow = { id: 'f', transport: 'tcp' as const, client: 'c', server: 's' };
  const session: Session = new Session(definition, context, flow, false, host);
  const feed = (text: string) =>
    session.data(
      0,
      Uint8Array.from(text, (c) => c.charCodeAt(0)),
    );
  return { session, feed, log, events };
}

describe('content', () => {
  test('is kept with the event that completes it, after that was judged, with its type', () => {
    const { feed, log, events } = open();
    feed('open\nwrite:%PDF-1.4\nwrite: rest\ncomplete:a.pdf');
    expect(log).toEqual(['opened', 'kept %PDF-1.4 rest as a.pdf, pass']);
    expect(events).toHaveLength(1);
    expect(events[0]?.file).toMatchObject({ mime: 'application/pdf' });
    expect(events[0]?.file?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(events[0]?.anomalies).toBeUndefined();
  });

  test('that is not what its name says is an anomaly of the event and of the flow', () => {
    const { feed, events } = open();
    feed('open\nwrite:%PDF-1.4\ncomplete:holiday.jpg');
    expect(events.map(({ kind, anomalies }) => [kind, anomalies])).toEqual([
      ['flow.anomaly', ['file-type-mismatch']],
      ['file.complete', ['file-type-mismatch']],
    ]);
  });

  test.each([
    ['given up by its parser', 'open\nwrite:x\ndiscard'],
    ['finished without a word', 'open\nwrite:x\nfinish\nmessage'],
    ['under way when its parser is done', 'open\nwrite:x\ndone'],
  ])('%s is dropped', (_, words) => {
    const { feed, log } = open();
    feed(words);
    expect(log).toEqual(['opened', 'dropped']);
  });

  test('under way when the flow closes, or becomes opaque, is dropped; once', () => {
    const closed = open();
    closed.feed('open\nwrite:x');
    closed.session.close(TOTALS, 'fin');
    closed.session.close(TOTALS, 'fin');
    expect(closed.log).toEqual(['opened', 'dropped']);
    const opaque = open();
    opaque.feed('open\nwrite:x');
    opaque.session.goOpaque('memory limit');
    expect(opaque.log).toEqual(['opened', 'dropped']);
  });
});
