import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../../src/event/decode.ts';
import { ImEvent } from '../../src/event/event.ts';
import { EVENT_KINDS } from '../../src/event/kinds.ts';
import { SAMPLE_FACTS, sampleDay } from '../../test/cli/sample-day.ts';
import { displayWidth } from './columns.ts';
import { createPaint } from './paint.ts';
import { ReplayReport } from './replay-report.ts';

const ALL = { summary: false, show: 20 };

function rendered(
  events: readonly ImEvent[],
  width: number,
  colour = false,
  options = ALL,
): string {
  const report = new ReplayReport();
  for (const event of events) report.add(event);
  return report.render(SAMPLE_FACTS, options, { width, paint: createPaint(colour) }).join('\n');
}

describe('a day of IM', () => {
  test.each([80, 100, 120])('%d columns', async (width) => {
    await expect(`${rendered(sampleDay(), width)}\n`).toMatchFileSnapshot(
      `golden/sample-day-${width}.txt`,
    );
  });

  test('summary', async () => {
    const text = rendered(sampleDay(), 100, false, { summary: true, show: 20 });
    await expect(`${text}\n`).toMatchFileSnapshot('golden/sample-day-summary.txt');
    expect(text).not.toContain('CONVERSATIONS');
  });

  test('colour changes nothing but colour', () => {
    const plain = rendered(sampleDay(), 100);
    const coloured = rendered(sampleDay(), 100, true);
    expect(coloured).toContain('\u001b[31m✗\u001b[39m');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});

test('nothing at all', async () => {
  await expect(`${rendered([], 80)}\n`).toMatchFileSnapshot('golden/nothing.txt');
});

test('an enforced verdict is told as done', () => {
  const verdict = { action: 'drop', enforced: true, rule: 'r' };
  const { event } = decodeEvent({ kind: 'message', service: 'irc', from: 'a', to: 'b', verdict });
  expect(event && rendered([event], 80)).toMatch(/✗.*dropped · r/);
});

test('a token used again after the end of a transfer is another transfer', () => {
  const base = { service: 'irc', from: 'a', to: 'b' };
  const events = ['file.offer', 'file.complete', 'file.offer', 'file.cancel'].map((kind) => {
    const { event } = decodeEvent({ ...base, kind, file: { name: 'x', token: '1' } });
    return event ?? new ImEvent('message');
  });
  expect(rendered(events, 80)).toMatch(/2 transfers.*complete.*cancelled/s);
});

test('an offer that the server hands on, even after the upload, is the same transfer', () => {
  const flow = (id: string) => ({ id, client: '10.0.0.1:1', server: '10.0.0.2:2' });
  const offer = { kind: 'file.offer', service: 'yahoo', from: 'a', to: 'b', file: { name: 'x' } };
  const legs = (second: object) => {
    const events = [
      { ...offer, origin: 'client', flow: flow('up') },
      { ...offer, origin: 'client', kind: 'file.complete', flow: flow('data') },
      { ...offer, ...second },
    ];
    return events.map((json) => decodeEvent(json).event ?? new ImEvent('message'));
  };
  expect(rendered(legs({ origin: 'server', flow: flow('down') }), 80)).toMatch(/1 transfer\b/);
  expect(rendered(legs({ origin: 'client', flow: flow('up') }), 80)).toMatch(/2 transfers/);
});

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '\u001b[2J',
    'a\u202eb',
    '\u200d'.repeat(50),
    `a${'\u0301'.repeat(500)}`,
    '你'.repeat(90),
  ),
);
const hostileEvent = fc
  .record({
    kind: fc.constantFrom(...EVENT_KINDS),
    service: hostileText,
    account: hostileText,
    from: hostileText,
    to: fc.array(hostileText, { maxLength: 3 }),
    room: fc.option(hostileText, { nil: undefined }),
    text: hostileText,
    contact: hostileText,
    reason: hostileText,
    time: fc.oneof(fc.nat(), fc.double()),
    file: fc.record({
      name: hostileText,
      token: hostileText,
      size: fc.maxSafeNat(),
      sha256: hostileText,
    }),
    verdict: fc.record({
      action: fc.constantFrom('pass' as const, 'drop' as const, 'hold' as const),
      enforced: fc.boolean(),
      rule: hostileText,
    }),
  })
  .map(({ kind, ...fields }) => Object.assign(new ImEvent(kind), fields));

test('whatever the network sends: no control characters, no line wider than the page', () => {
  fc.assert(
    fc.property(
      fc.array(hostileEvent, { maxLength: 12 }),
      fc.integer({ min: 60, max: 120 }),
      (events, width) => {
        for (const line of rendered(events, width).split('\n')) {
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u);
          if (!line.startsWith('incomplete:'))
            expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a flood of distinct names is counted, not kept', () => {
  const report = new ReplayReport();
  const kinds = ['message', 'file.offer', 'session.login', 'contact.add', 'app.unknown'] as const;
  for (let i = 0; i < 20_000; i++) {
    const event = new ImEvent(kinds[i % kinds.length] ?? 'message');
    event.service = `service${i % 3000}`;
    event.from = `user${i}`;
    event.to = [`peer${i}`];
    event.contact = `peer${i}`;
    event.account = `user${i}`;
    event.reason = `reason${i}`;
    event.file = { name: `f${i}`, token: `t${i}` };
    report.add(event);
  }
  const text = report
    .render(SAMPLE_FACTS, ALL, { width: 100, paint: createPaint(false) })
    .join('\n');
  expect(text).toContain('2\u00a0000 conversations, 4\u00a0000 messages');
  expect(text).toContain('… and 2\u00a0000 messages of others, only counted');
  expect(text).toContain('4\u00a0000 transfers');
  expect(text.split('\n').length).toBeLessThan(250);
});

test('what a verdict hides is not shown, neither in a message nor in its correction', () => {
  const verdict = { action: 'redact', enforced: false, rule: 'cards' };
  const report = new ReplayReport(({ text }) => text?.replaceAll(/\d/g, '*'));
  for (const kind of ['message', 'message.edit', 'room.topic']) {
    const { event } = decodeEvent({
      kind,
      service: 'irc',
      from: 'a',
      to: 'b',
      text: '4111',
      verdict,
    });
    report.add(event ?? new ImEvent('message'));
  }
  const layout = { width: 80, paint: createPaint(false) };
  const text = report.render(SAMPLE_FACTS, ALL, layout).join('\n');
  expect(text).not.toContain('4111');
  expect(text.match(/\*{4}/g)).toHaveLength(3);
});

test('a capture with a snap length is told: it hides conversations from us', () => {
  const counters = { ...SAMPLE_FACTS.counters, octets: 80_000, wireOctets: 200_000 };
  const report = new ReplayReport();
  const layout = { width: 80, paint: createPaint(false) };
  const text = report.render({ ...SAMPLE_FACTS, counters }, ALL, layout).join('\n');
  expect(text).toMatch(/cut packets +120 kB of 200 kB are not in the capture/);
  expect(text).not.toContain('everything recognised as IM was read');
});

test('connections that the end of the recording cut off are told', () => {
  const { event } = decodeEvent({ kind: 'flow.end', service: 'irc', reason: 'capture-end' });
  expect(event && rendered([event], 80)).toMatch(/open +1 connection still open/);
});

test('notices to users are counted by rule', () => {
  const verdict = { action: 'drop', enforced: false, rule: 'hours', tell: 'Come back tomorrow.' };
  const { event } = decodeEvent({ kind: 'message', service: 'irc', from: 'a', to: 'b', verdict });
  expect(event && rendered([event, event], 80)).toMatch(/2 {2}would tell · hours/);
});

test('packets that nothing looked into are told', () => {
  const { counters } = SAMPLE_FACTS;
  const facts = {
    ...SAMPLE_FACTS,
    counters: {
      ...counters,
      decoded: { ...counters.decoded, unknownLinkType: 1 },
      streams: { ...counters.streams, badChecksums: 140 },
    },
  };
  const layout = { width: 80, paint: createPaint(false) };
  const text = new ReplayReport().render(facts, ALL, layout).join('\n');
  expect(text).toMatch(/ignored +unknown link type \(1 packet\), bad checksum \(140 packets\)/);
});
