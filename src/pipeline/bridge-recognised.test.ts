/** Flows that are only recognised, in a bridge: what is refused ends before anything was exchanged. */
import { describe, expect, test } from 'vitest';
import { VECTOR } from '../../parsers/framing/client-hello.fixture.ts';
import { cryptoFrame, helloFor, initial } from '../../parsers/quic/quic.fixture.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { ServiceCatalogue } from '../inspect/service-catalogue.ts';
import { Fate, Side } from '../verdict/wire/packet-judge.ts';
import { Bench, Connection, segmentOf } from './bridge.fixture.ts';

const SERVICES: ServiceCatalogue = {
  byHost: (host) =>
    host.endsWith('whatsapp.net')
      ? { service: 'whatsapp', activity: 'media', confidence: 'high', shared: false }
      : undefined,
  bySignature: () => undefined,
  byAddress: () => undefined,
};
const PASS: VerdictRecord = { action: 'pass', enforced: true };
const refusing =
  (more: Partial<VerdictRecord> = {}) =>
  ({ kind }: ImEvent): VerdictRecord =>
    kind === 'flow.identified' ? { action: 'drop', enforced: true, ...more } : PASS;

function bridge(judge: (event: ImEvent) => VerdictRecord = refusing()) {
  return new Bench({ judge }, { services: SERVICES });
}

/** The vector with another name of the same length. */
function helloOf(name: string): Uint8Array {
  const octets = VECTOR.slice();
  octets.set(Buffer.from(name), Buffer.from(VECTOR).indexOf('mmg.whatsapp.net'));
  return octets;
}

describe('TLS', () => {
  test('no refused hello goes on, wherever it is cut; both sides hear of it', () => {
    for (let cut = 1; cut < VECTOR.length; cut += 3) {
      const bench = bridge();
      const talk = new Connection({ serverPort: 443 });
      bench.giveAll(talk.open());
      bench.give(talk.say(0, VECTOR.subarray(0, cut)).octets, Side.A);
      const early = bench.received(Side.B, talk.first(0)).length;
      // Before it is seen to be TLS nothing is held: heads of record and message, which name nobody.
      expect(early).toBeLessThan(9);
      bench.give(talk.say(0, VECTOR.subarray(cut)).octets, Side.A);
      expect(bench.received(Side.B, talk.first(0))).toHaveLength(early);
      const resets = bench.out.map(({ octets }) => segmentOf(octets)).filter((s) => s.flags & 4);
      expect(resets).toHaveLength(2);
      expect(bench.verdicts('flow.identified')[0]).toMatchObject({ enforced: true });
      expect(bench.verdicts('flow.opaque')).toEqual([]);
    }
  });

  test('what is nobody’s goes on at once, and its flow is let go', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort: 443 });
    bench.giveAll(talk.open());
    const hello = helloOf('www.office.examp');
    bench.give(talk.say(0, hello).octets, Side.A);
    expect(bench.received(Side.B, talk.first(0))).toEqual(hello);
    expect(bench.bridge.letGo).toBe(true);
    expect(bench.events).toEqual([]);
  });

  test('what passes goes on at once, and its packets are not looked at any more', () => {
    const bench = bridge(() => PASS);
    const talk = new Connection({ serverPort: 443 });
    bench.giveAll(talk.open());
    bench.give(talk.say(0, VECTOR).octets, Side.A);
    expect(bench.received(Side.B, talk.first(0))).toEqual(VECTOR);
    expect(bench.events.map(({ kind }) => kind)).toEqual(['flow.identified', 'flow.opaque']);
    bench.give(talk.say(1, 'anything').octets, Side.B);
    expect(bench.bridge.letGo).toBe(true);
    expect(bench.counter('flowsRemembered')).toBe(0);
  });

  test('a hello sent again after its refusal is answered again, and nothing goes on', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort: 443 });
    bench.giveAll(talk.open());
    const hello = talk.say(0, VECTOR).octets;
    bench.give(hello, Side.A);
    expect(bench.give(hello, Side.A)).toBe(Fate.Drop);
    expect(bench.received(Side.B, talk.first(0))).toHaveLength(0);
    expect(bench.counter('resets')).toBe(3);
  });

  test('learned, the next connection is refused at its SYN, of which its server hears nothing', () => {
    const bench = bridge(refusing({ learn: 60 }));
    const talk = new Connection({ serverPort: 443 });
    bench.giveAll(talk.open());
    bench.give(talk.say(0, VECTOR).octets, Side.A);
    const before = bench.out.length;
    const next = new Connection({ serverPort: 443, clientPort: 50_001 });
    const [syn] = next.open();
    expect(bench.give(syn?.octets ?? new Uint8Array(0), Side.A)).toBe(Fate.Drop);
    const out = bench.out.slice(before);
    expect(out.map(({ side }) => side)).toEqual([Side.A]);
    expect(segmentOf(out[0]?.octets ?? new Uint8Array(0)).flags & 4).toBe(4);
    expect(bench.events.at(-1)).toMatchObject({ evidence: 'learned', activity: 'media' });
    expect(bench.events.at(-1)?.verdict).toMatchObject({ action: 'drop', enforced: true });
  });
});

describe('QUIC', () => {
  const hello = initial([cryptoFrame(helloFor('mmg.whatsapp.net'))]);

  test('a refused Initial goes nowhere, nor what follows on its flow; others pass', () => {
    const bench = bridge();
    const talk = new Connection({ serverPort: 443 });
    expect(bench.give(talk.datagram(0, hello).octets, Side.A)).toBe(Fate.Drop);
    expect(bench.give(talk.datagram(0, hello).octets, Side.A)).toBe(Fate.Drop);
    expect(bench.give(talk.datagram(1, 'answer').octets, Side.B)).toBe(Fate.Drop);
    expect(bench.verdicts('flow.identified')).toMatchObject([{ action: 'drop', enforced: true }]);
    const other = new Connection({ serverPort: 443, clientPort: 50_001 });
    const its = initial([cryptoFrame(helloFor('www.office.example'))]);
    expect(bench.give(other.datagram(0, its).octets, Side.A)).toBe(Fate.Forward);
    expect(bench.events).toHaveLength(1);
  });
});
