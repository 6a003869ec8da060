import { describe, expect, test } from 'vitest';
import { decodeEvent } from '../../src/event/decode.ts';
import { ImEvent } from '../../src/event/event.ts';
import { createPaint } from './paint.ts';
import { renderUsage } from './render-usage.ts';
import { USAGE_LIMITS, UsageLog } from './usage-log.ts';

const TOTALS = {
  packetsToServer: 1,
  packetsToClient: 1,
  octetsToServer: 1000,
  octetsToClient: 2000,
  duration: 60,
  events: 0,
  gaps: 0,
  gapOctets: 0,
  anomalies: 0,
  midstream: false,
};

function end(fields: object, client = '10.0.0.5:40000'): ImEvent {
  const flow = { id: 'f', transport: 'tcp', client, server: '192.0.2.1:443' };
  const { event } = decodeEvent({ kind: 'flow.end', totals: TOTALS, flow, ...fields });
  return event ?? new ImEvent('flow.end');
}

function page(events: readonly ImEvent[], width = 80, most = 20): string[] {
  const log = new UsageLog();
  for (const event of events) log.add(event);
  return renderUsage(log, most, { width, paint: createPaint(false) });
}

describe('usage', () => {
  test('by service, activity and user; lookups are no use', () => {
    const lines = page([
      end({ service: 'whatsapp', activity: 'chat' }),
      end({ service: 'whatsapp', activity: 'media' }, '[2001:db8::5]:40001'),
      end({ service: 'whatsapp', activity: 'media', person: 'Ann' }),
      end({ service: 'whatsapp', activity: 'lookup' }),
      end({ service: 'irc', activity: 'chat', account: 'ann' }),
    ]);
    expect(lines.slice(1)).toEqual([
      'USAGE ──────────────────────────────────────── connections, sent, received, time',
      '   whatsapp        3    3.0 kB    6.0 kB    3 min 00 s',
      '     media         2    2.0 kB    4.0 kB    2 min 00 s',
      '     chat          1    1.0 kB    2.0 kB    1 min 00 s',
      '     by 10.0.0.5 3.0 kB in 1 min 00 s, 2001:db8::5 3.0 kB in 1 min 00 s, Ann 3.…',
      '   irc             1    1.0 kB    2.0 kB    1 min 00 s',
      '     by ann 3.0 kB in 1 min 00 s',
    ]);
  });

  test('nothing of no connection; the rest is counted', () => {
    expect(page([])).toEqual([]);
    const many = Array.from({ length: 30 }, (_, i) => end({ service: `s${i}` }));
    expect(page(many, 80, 5).at(-1)).toBe('  … and 25 more services');
  });

  test('names from the wire are harmless, and tables bounded', () => {
    const text = page([end({ service: 'x', account: '\u001b[31mred\n' })]).join('\n');
    expect(text).not.toContain('\u001b');
    const log = new UsageLog();
    for (let i = 0; i < USAGE_LIMITS.users + 10; i++) {
      log.add(end({ service: 'x', account: `a${i}` }));
    }
    for (let i = 0; i < USAGE_LIMITS.services + 10; i++) log.add(end({ service: `s${i}` }));
    expect(log.services[0]).toMatchObject({ connections: USAGE_LIMITS.users + 10, leftOut: 10 });
    expect(log.leftOut).toBe(11);
  });
});
