import { expect, test } from 'vitest';
import { Frame } from '../capture/frame.ts';
import type { ImEvent } from '../event/event.ts';
import { Connection, ircLogin, type Packet, refusing, START } from './bridge.fixture.ts';
import { Engine } from './engine.ts';
import { TapEnforcer } from './tap-enforcer.ts';

const BAD = 'PRIVMSG bob :the secret\r\n';

test('resets begin and end between two packets; what was sent stays counted', () => {
  const events: ImEvent[] = [];
  const resets = new TapEnforcer();
  const engine = new Engine({
    mode: 'tap',
    judge: refusing('secret', 'reset'),
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
  const refused = (clientPort: number) => {
    const talk = new Connection({ clientPort });
    for (const packet of ircLogin(talk)) see(packet);
    see(talk.say(0, BAD));
    return events.at(-1)?.verdict;
  };
  const first: number[] = [];
  const second: number[] = [];
  expect(refused(40_001)).toMatchObject({ action: 'reset', enforced: false });
  resets.sendBy(() => first.push(1));
  expect(refused(40_002)).toMatchObject({ action: 'reset', enforced: true });
  resets.sendBy(() => second.push(1));
  expect(refused(40_003)).toMatchObject({ action: 'reset', enforced: true });
  resets.sendBy(undefined);
  expect(refused(40_004)).toMatchObject({ action: 'reset', enforced: false });
  expect([first.length, second.length, resets.sent]).toEqual([2, 2, 4]);
});

test('a limit holds for the next flow', () => {
  const engine = new Engine({ onEvent: () => undefined, limits: { sessions: 1, flows: 2048 } });
  engine.setLimits({ sessions: 7, flows: 2048 });
  expect(engine.limits).toMatchObject({ sessions: 7, flows: 2048, tunnelDepth: 8 });
});
