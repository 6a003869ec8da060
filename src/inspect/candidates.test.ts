import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Direction, Probe, type ProtocolDefinition } from '../../parsers/contract.ts';
import { Candidates, firstSight, Look } from './candidates.ts';
import { FirstOctet } from './first-octet.ts';

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Client says HELLO\n, server says WELCOME\n; anything else is not it. */
const GREETER: ProtocolDefinition = {
  name: 'greeter',
  transport: 'tcp',
  ports: [],
  probeLimit: 64,
  probe(direction, octets) {
    const word = bytes(direction === 0 ? 'HELLO\n' : 'WELCOME\n');
    for (let i = 0; i < octets.length && i < word.length; i++) {
      if (octets[i] !== word[i]) return Probe.No;
    }
    return octets.length >= word.length ? Probe.Yes : Probe.More;
  },
  create: () => {
    throw new Error('not made here');
  },
};
/** Never certain. */
const WAVERER: ProtocolDefinition = {
  ...GREETER,
  name: 'waverer',
  probeLimit: 100_000,
  probe: () => Probe.More,
};

const look = (c: Candidates, direction: Direction, text: string) => c.look(direction, bytes(text));

function replayed(c: Candidates): string[] {
  const heard: string[] = [];
  c.replay((direction, octets) => heard.push(`${direction}:${String.fromCharCode(...octets)}`));
  return heard;
}

describe('candidates', () => {
  test('one segment is enough, and is not kept', () => {
    const c = new Candidates([GREETER], 8192, false, true);
    expect(look(c, 0, 'HELLO\nand more')).toBe(Look.Found);
    expect(c.found?.name).toBe('greeter');
    expect(replayed(c)).toEqual([]);
    expect(c.octets).toBe(0);
  });

  test('what no protocol wants is let go at once', () => {
    const c = new Candidates([GREETER], 8192, false, true);
    expect(look(c, 0, 'GET / HTTP/1.1')).toBe(Look.LetGo);
  });

  test('a No from the server settles it, whatever the client said', () => {
    const c = new Candidates([GREETER], 8192, false, true);
    expect(look(c, 0, 'HEL')).toBe(Look.Wait);
    expect(look(c, 1, '220 ftp')).toBe(Look.LetGo);
  });

  test('split anywhere: the same answer, and every octet comes once, in order', () => {
    const c = new Candidates([GREETER], 8192, false, true);
    expect(look(c, 1, 'WEL')).toBe(Look.Wait);
    expect(look(c, 0, 'H')).toBe(Look.Wait);
    expect(look(c, 0, 'E')).toBe(Look.Wait);
    expect(look(c, 1, 'C')).toBe(Look.Wait);
    expect(look(c, 0, 'LLO\n')).toBe(Look.Found);
    expect(replayed(c)).toEqual(['1:WEL', '0:HE', '1:C']);
  });

  test('picked up mid-stream with the wrong client: found the other way round', () => {
    const c = new Candidates([GREETER], 8192, true, false);
    expect(look(c, 0, 'WELCOME\n')).toBe(Look.Found);
    expect(c.flipped).toBe(true);
    const sure = new Candidates([GREETER], 8192, true, true);
    expect(look(sure, 0, 'WELCOME\n')).toBe(Look.LetGo);
  });

  test('picked up mid-stream: certain of one side, a weak protocol does not ask the other', () => {
    const weak: ProtocolDefinition = { ...GREETER, weak: true };
    const until: ProtocolDefinition = {
      ...WAVERER,
      probe: (_d, octets) => (octets.includes(0x21) ? Probe.No : Probe.More),
    };
    const both = [weak, until];
    const c = new Candidates(both, 8192, true, true, new FirstOctet(both));
    expect(look(c, 0, 'HELLO\n')).toBe(Look.Wait);
    expect(look(c, 1, 'the middle of an answer!')).toBe(Look.Found);
    expect(c.found?.name).toBe('greeter');
    const whole = new Candidates([weak, until], 8192, false, true);
    expect(look(whole, 0, 'HELLO\n')).toBe(Look.Wait);
    expect(look(whole, 1, 'no answer to that!')).toBe(Look.LetGo);
  });

  test('a gap forgets what stood before it, counts it, and keeps the other direction', () => {
    const c = new Candidates([WAVERER], 8192, false, true);
    look(c, 0, 'abc');
    look(c, 1, 'xyz');
    look(c, 0, 'de');
    c.gap(0, 10);
    expect(c.missed).toEqual([15, 0]);
    expect(c.midstream).toBe(true);
    expect(replayed(c)).toEqual(['1:xyz']);
  });

  test('an undecided flow is let go at the limit, and holds no more than twice that', () => {
    const c = new Candidates([WAVERER], 8192, false, true);
    let answer: number = Look.Wait;
    let fed = 0;
    while (answer === Look.Wait && fed < 20_000) {
      answer = look(c, 0, 'x'.repeat(7));
      fed += 7;
      expect(c.octets).toBeLessThanOrEqual(2 * 8192 + 64);
    }
    expect(answer).toBe(Look.LetGo);
    expect(fed).toBeLessThan(8192 + 7);
  });

  test('octet by octet, a flow costs a bounded number of octets looked at', () => {
    let seen = 0;
    const counting: ProtocolDefinition = {
      ...WAVERER,
      probe(_direction, octets) {
        seen += octets.length;
        return Probe.More;
      },
    };
    const c = new Candidates([counting], 8192, false, true);
    for (let i = 0; i < 8192; i++) c.look(0, bytes('x'));
    expect(seen).toBeLessThan(400_000); // 8192² / 2 would be 33 million
  });

  test('a look that was put off is made when the flow ends', () => {
    const late: ProtocolDefinition = {
      ...WAVERER,
      probe: (_d, octets) => (octets.includes(0x21) ? Probe.Yes : Probe.More),
    };
    const c = new Candidates([late], 8192, false, true);
    for (let i = 0; i < 1000; i++) c.look(0, bytes('x'));
    expect(look(c, 0, '!')).toBe(Look.Wait);
    expect(c.lastLook()).toBe(Look.Found);
    expect(replayed(c)).toEqual([`0:${'x'.repeat(1000)}!`]);
  });

  test('property: whatever the cuts, the greeter is found and no octet is lost', () => {
    const cuts = fc.array(fc.nat({ max: 5 }), { maxLength: 6 });
    fc.assert(
      fc.property(cuts, fc.boolean(), (at, serverFirst) => {
        const c = new Candidates([WAVERER, GREETER], 8192, false, true);
        const pieces: [Direction, string][] = [];
        const edges = [0, ...[...at].sort((a, b) => a - b), 6];
        for (let i = 1; i < edges.length; i++) {
          const piece = 'HELLO\n'.slice(edges[i - 1], edges[i]);
          if (piece !== '') pieces.push([0, piece]);
        }
        if (serverFirst) pieces.unshift([1, 'WEL']);
        const before: string[] = [];
        for (const [direction, piece] of pieces) {
          const answer = look(c, direction, piece);
          if (answer === Look.Found) {
            const held = replayed(c).join('').replaceAll(/[01]:/g, '');
            return held === before.join('');
          }
          before.push(piece);
        }
        return false;
      }),
    );
  });

  test('what every probe refuses is let go at once, as oriented and, where that is a guess, turned', () => {
    const ask = (text: string, oriented: boolean) =>
      firstSight([GREETER], new FirstOctet([GREETER]), 0, bytes(text), false, oriented);
    expect(ask('GET /', true)).toBe(Look.LetGo);
    expect(ask('HEL', true)).toBe(Look.Wait);
    expect(ask('HELLO\n', true)).toBe(GREETER);
    expect(ask('WELCOME\n', true)).toBe(Look.LetGo);
    expect(ask('WELCOME\n', false)).toBe(Look.Wait);
  });

  describe('a weak Yes', () => {
    const WEAK: ProtocolDefinition = { ...GREETER, name: 'weak', weak: true };
    const HESITANT: ProtocolDefinition = {
      ...GREETER,
      name: 'hesitant',
      probe: (_direction, octets) => (octets.length > 8 ? Probe.No : Probe.More),
    };

    test('counts once no other protocol may be', () => {
      const c = new Candidates([WEAK, HESITANT], 8192, false, true);
      expect(look(c, 0, 'HELLO\n')).toBe(Look.Wait);
      expect(look(c, 0, 'more')).toBe(Look.Found);
      expect(c.found?.name).toBe('weak');
    });

    test('gives way to a certain one', () => {
      const c = new Candidates([WEAK, GREETER], 8192, false, true);
      expect(look(c, 0, 'HELLO\n')).toBe(Look.Found);
      expect(c.found?.name).toBe('greeter');
      const both = [WEAK, GREETER];
      const first = new FirstOctet(both);
      expect(firstSight(both, first, 0, bytes('HELLO\n'), false, true)).toBe(GREETER);
    });

    test('counts when the flow ends before the others have decided', () => {
      const c = new Candidates([WEAK, WAVERER], 8192, false, true);
      expect(look(c, 0, 'HELLO\n')).toBe(Look.Wait);
      expect(c.lastLook()).toBe(Look.Found);
      expect(c.found?.name).toBe('weak');
    });

    test('is found where client and server are exchanged', () => {
      const c = new Candidates([WEAK], 8192, true, false);
      expect(look(c, 0, 'WELCOME\n')).toBe(Look.Found);
      expect(c.flipped).toBe(true);
    });
  });

  test('what must come in the first segment is not waited for', () => {
    const once: ProtocolDefinition = { ...GREETER, firstSegment: true };
    const first = new FirstOctet([once]);
    expect(firstSight([once], first, 0, bytes('HEL'), false, true)).toBe(Look.LetGo);
    expect(firstSight([once], first, 0, bytes('WEL'), false, false)).toBe(Look.LetGo);
    expect(firstSight([once], first, 0, bytes('HELLO\n'), false, true)).toBe(once);
    expect(look(new Candidates([once], 8192, false, true), 0, 'HEL')).toBe(Look.LetGo);
  });

  test('more protocols than bits in a word', () => {
    const many = Array.from({ length: 70 }, (_, i) => ({
      ...GREETER,
      name: `${i}`,
      probe: (_direction: Direction, octets: Uint8Array) =>
        octets.length < 3 ? Probe.More : octets[2] === i ? Probe.Yes : Probe.No,
    }));
    const c = new Candidates(many, 8192, false, true);
    expect(look(c, 0, 'ab')).toBe(Look.Wait);
    expect(look(c, 0, 'E')).toBe(Look.Found); // 69
    expect(c.found?.name).toBe('69');
  });
});
