/** Lines of events for an archive: as many as a test wants, each with words of its own. */
import { rfc3339 } from '../../src/event/time.ts';

export interface LineFacts {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly service?: string;
  /** Our own account, and the other party. */
  readonly account?: string;
  readonly peer?: string;
  /** Who says it: our own account, or the other party. */
  readonly origin?: 'client' | 'server';
  readonly person?: string;
  readonly peers?: readonly string[];
  readonly room?: string;
  readonly text?: string;
  readonly tags?: readonly string[];
  readonly action?: string;
}

let made = 0;

/** A message. */
export function messageLine(facts: LineFacts): string {
  const { time, service = 'irc', account = 'alice', peer = 'bob', origin = 'client' } = facts;
  const { person, peers, room, text = 'hello', tags, action = 'pass' } = facts;
  made += 1;
  const own = origin === 'client';
  return JSON.stringify({
    v: 1,
    id: `00000000-0000-7000-8000-${String(made).padStart(12, '0')}`,
    ts: rfc3339(time),
    kind: 'message',
    service,
    protocol: service,
    visibility: 'content',
    flow: {
      id: `flow-${account}`,
      transport: 'tcp',
      client: '10.0.0.5:4000',
      server: '192.0.2.1:6667',
    },
    origin,
    account,
    from: own ? account : peer,
    ...(room === undefined ? { to: [own ? peer : account] } : { to: [room], room }),
    text,
    verdict: { action, enforced: true, ...(tags === undefined ? {} : { tags }) },
    route: room === undefined ? 'direct' : 'room',
    ...(person === undefined ? {} : { person }),
    ...(peers === undefined ? {} : { peers }),
  });
}
