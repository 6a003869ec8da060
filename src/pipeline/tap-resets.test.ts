import { expect, test } from 'vitest';
import { Frame } from '../capture/frame.ts';
import type { ImEvent } from '../event/event.ts';
import { Connection, ircLogin, type Packet, refusing, START, segmentOf } from './bridge.fixture.ts';
import { Engine } from './engine.ts';
import { TapResets } from './tap-resets.ts';

function tap(action: 'drop' | 'reset') {
  const sent: Uint8Array[] = [];
  const events: ImEvent[] = [];
  const resets = new TapResets((buffer, start, end) => sent.push(buffer.slice(start, end)));
  const engine = new Engine({
    mode: 'tap',
    judge: refusing('secret', action),
    enforcer: resets,
    onEvent: (event) => events.push(event),
  });
  resets.attach(engine);
  const frame = new Frame();
  const see = ({ octets }: Packet) => {
    frame.buffer = octets.slice();
    frame.end = frame.buffer.length;
    frame.originalLength = frame.end;
    frame.linkType = 1;
    frame.number++;
    frame.time[0] = START + frame.number;
    engine.frame(frame);
    resets.packet(frame);
  };
  return { see, sent, events, resets };
}

const BAD = 'PRIVMSG bob :the secret\r\n';

test('a forbidden connection gets RSTs at both ends, behind what was said', () => {
  const { see, sent, events, resets } = tap('reset');
  const talk = new Connection();
  for (const packet of ircLogin(talk)) see(packet);
  see(talk.say(0, 'PRIVMSG bob :lunch?\r\n'));
  expect(sent).toHaveLength(0);
  see(talk.say(0, BAD));
  const [toServer, toClient] = sent.map(segmentOf);
  expect(toServer).toMatchObject({
    isIntact: true,
    sourcePort: 40_000,
    sequence: (talk.first(0) + talk.said[0]) >>> 0,
  });
  expect(toClient).toMatchObject({
    isIntact: true,
    sourcePort: 6667,
    sequence: (talk.first(1) + talk.said[1]) >>> 0,
  });
  expect(events.at(-1)?.verdict).toMatchObject({ action: 'reset', enforced: true });
  // Who says on has not believed it.
  see(talk.say(1, ':irc.example NOTICE ann :hello\r\n'));
  expect(resets.resets).toBe(4);
  const other = new Connection({ clientPort: 50_000 });
  for (const packet of ircLogin(other)) see(packet);
  expect(resets.resets).toBe(4);
});

test('a drop is not done, and the event says what was', () => {
  const { see, events, resets } = tap('drop');
  const talk = new Connection();
  for (const packet of ircLogin(talk)) see(packet);
  see(talk.say(0, BAD));
  expect(events.at(-1)?.verdict).toMatchObject({
    action: 'drop',
    enforced: false,
    why: 'a tap cannot take it out: resets were sent, and it has passed',
  });
  expect(resets.resets).toBe(2);
});

test('who goes on after resets that the tap saw itself is reset again', () => {
  const { see, sent, resets } = tap('reset');
  const talk = new Connection();
  for (const packet of ircLogin(talk)) see(packet);
  see(talk.say(0, BAD));
  const [toServer, toClient] = sent;
  if (toServer === undefined || toClient === undefined) throw new Error('no resets');
  see({ octets: toServer, side: 0 });
  see({ octets: toClient, side: 1 });
  expect(resets.resets).toBe(2);
  see(talk.say(0, 'PRIVMSG bob :still here\r\n'));
  see(talk.say(1, ':irc.example NOTICE ann :and here\r\n'));
  expect(resets.resets).toBe(6);
});
