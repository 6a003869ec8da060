/**
 * Events as they happen, as server-sent events (HTML standard §9.2): `data:` is the event's JSON. A
 * listener that is too slow loses events, is told how many (`event: lost`), and holds up nobody.
 */
import type { ServerResponse } from 'node:http';
import { encodeEvent } from '../../src/event/encode.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { Gateway } from '../live/gateway.ts';

/**
 * Events a listener gets within a window of so many milliseconds. Beyond it loses them: telling them costs the
 * main thread time in which it should carry events to the disk, and a storm is no time for that.
 */
const WINDOW = { milliseconds: 100, events: 200 } as const;
/** Octets that wait for a listener until it loses events. */
const MOST_WAITING = 256 * 1024;
/** Milliseconds between two signs of life where nothing happens: a dead listener is then found out. */
const SIGN_OF_LIFE = 5000;

export interface EventStreamOptions {
  /** False: without what people wrote. */
  readonly content: boolean;
  /** Milliseconds of any origin; for tests. */
  readonly now?: () => number;
}

/** Answers with events until the connection ends; `ended` is called once. */
export function streamEvents(
  gateway: Pick<Gateway, 'listen'>,
  response: ServerResponse,
  options: EventStreamOptions,
  ended: () => void,
): void {
  const now = options.now ?? (() => performance.now());
  let lost = 0;
  let windowEnd = 0;
  let inWindow = 0;
  const hasRoom = (): boolean => {
    if (now() >= windowEnd) {
      windowEnd = now() + WINDOW.milliseconds;
      inWindow = 0;
    }
    inWindow += 1;
    return inWindow <= WINDOW.events && response.writableLength <= MOST_WAITING;
  };
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.write(': sallyport\n\n');
  const stop = gateway.listen((event) => {
    if (!hasRoom()) {
      lost += 1;
      return;
    }
    if (lost > 0) response.write(`event: lost\ndata: ${lost}\n\n`);
    lost = 0;
    // One line of JSON: encodeEvent escapes line ends of every kind.
    response.write(`data: ${encodeEvent(options.content ? event : withoutContent(event))}\n\n`);
  });
  const timer = setInterval(() => response.write(':\n\n'), SIGN_OF_LIFE);
  response.on('error', () => undefined); // it ends with close
  response.on('close', () => {
    clearInterval(timer);
    stop();
    ended();
  });
}

function withoutContent(event: ImEvent): ImEvent {
  const bare = Object.assign(new ImEvent(event.kind), event);
  bare.text = undefined;
  bare.markup = undefined;
  bare.subject = undefined;
  bare.status = undefined;
  return bare;
}
