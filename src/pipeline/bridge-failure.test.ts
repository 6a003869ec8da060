/** What throws while a flow is read costs that flow its reading, or its connection; never a packet, never the rest. */
import { describe, expect, test } from 'vitest';
import type { Judge } from '../verdict/judge.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, ircLogin, latin, refusing } from './bridge.fixture.ts';

const BAD = 'PRIVMSG bob :the boom\r\n';

/** Rules with a fault in them. */
function failing(overload: 'pass' | 'drop', kind = 'message'): Judge {
  const { judge } = refusing('plan');
  return {
    judge: (event) => {
      if (event.kind === kind && (kind !== 'message' || event.text?.includes('boom'))) {
        throw new Error('a fault');
      }
      return judge(event);
    },
    defaults: { undecodable: 'pass', overload },
  };
}

describe('a fault in the rules', () => {
  test('packets go on where overload passes, the flow is not read on, others are', () => {
    const bench = new Bench(failing('pass'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.giveAll([
      talk.say(0, 'PRIVMSG bob :hel'),
      talk.say(0, `lo\r\n${BAD}`),
      talk.say(0, 'PRIVMSG bob :after\r\n'),
    ]);
    expect(latin(bench.received(Side.B, talk.first(0)))).toContain(
      `:hello\r\n${BAD}PRIVMSG bob :after\r\n`,
    );
    expect(bench.counter('failures')).toBe(1);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'flow.opaque', reason: 'internal error' });
    const other = new Connection({ clientPort: 40_001 });
    bench.giveAll(ircLogin(other));
    bench.giveAll([other.say(0, 'PRIVMSG bob :the plan\r\n')]);
    expect(bench.verdicts('message').at(-1)).toMatchObject({ action: 'drop', enforced: true });
  });

  test('the connection is reset where overload drops', () => {
    const bench = new Bench(failing('drop'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    expect(bench.give(talk.say(0, BAD).octets, Side.A)).toBe(Fate.Drop);
    expect(bench.counter('resets')).toBe(2);
    expect(latin(bench.received(Side.B, talk.first(0)))).not.toContain('boom');
  });

  test('a flow that fails as it leaves leaves all the same, and what is held of it goes on', () => {
    const bench = new Bench(failing('pass', 'flow.end'), { limits: { flows: 1 } });
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    bench.give(talk.say(0, 'PRIVMSG bob :not who').octets, Side.A);
    const other = new Connection({ clientPort: 40_001 });
    bench.giveAll(ircLogin(other));
    expect(latin(bench.received(Side.B, talk.first(0)))).toContain('not who');
    expect(bench.bridge.engine.table.size).toBe(1);
    bench.bridge.finish();
    expect(bench.counter('heldOctets')).toBe(0);
    expect(bench.counter('failures')).toBe(2);
  });

  test('while a packet that was aside is taken up, nothing is lost', () => {
    const bench = new Bench(failing('pass'));
    const talk = new Connection();
    bench.giveAll(ircLogin(talk));
    const [first, second, third] = [
      talk.say(0, 'PRIVMSG bob :one\r\n'),
      talk.say(0, BAD),
      talk.say(0, 'PRIVMSG bob :three\r\n'),
    ];
    bench.giveAll([third, second, first]);
    expect(latin(bench.received(Side.B, talk.first(0)))).toContain(
      `:one\r\n${BAD}PRIVMSG bob :three\r\n`,
    );
  });
});
