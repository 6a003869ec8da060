import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpusPath } from '../../../test/support/corpus.ts';
import { needs } from '../../../test/support/need.ts';
import { hex, octets } from '../../../test/support/parser-harness.ts';
import { Probe } from '../../contract.ts';
import { header, prompt } from './oft.fixture.ts';
import { readHeader } from './oft-header.ts';
import { OFT_PROBE_LIMIT, probeOft } from './oft-probe.ts';

describe('probe', () => {
  test('yes at the eighth octet, from either side, anywhere', () => {
    for (const direction of [0, 1] as const) {
      for (const midstream of [false, true]) {
        const wire = prompt();
        for (let n = 0; n < OFT_PROBE_LIMIT; n++)
          expect(probeOft(direction, wire.subarray(0, n), midstream)).toBe(Probe.More);
        expect(probeOft(direction, wire.subarray(0, OFT_PROBE_LIMIT), midstream)).toBe(Probe.Yes);
      }
    }
    expect(probeOft(0, header({ type: 0x0202, version: '3' }), false)).toBe(Probe.Yes);
  });

  test.each([
    ['a word', octets('OFTEN 1 2 3')],
    ['OpenType', octets('OTTO\0\x01\x00\x00')],
    ['another version', octets('OFT4\x01\x00\x01\x01')],
    ['a header too short', octets('OFT2\x00\xbf\x01\x01')],
    ['an unknown type', octets('OFT2\x01\x00\x03\x01')],
    ['HTTP', octets('OPTIONS *')],
  ])('%s: no', (_name, wire) => {
    expect(probeOft(0, wire, false)).toBe(Probe.No);
    expect(probeOft(1, wire, true)).toBe(Probe.No);
  });

  test('random octets never say yes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (wire) => {
        expect(probeOft(0, wire, true)).not.toBe(Probe.Yes);
      }),
    );
  });
});

const need = needs({ corpus: true });
test.skipIf(need.skip)(`the header of vectors.json${need.why}`, () => {
  const path = join(corpusPath(), '..', 'protocols', 'vectors.json');
  const vectors: { proto: string; name: string; hex: string; expect: Record<string, unknown> }[] =
    JSON.parse(readFileSync(path, 'utf8'));
  const vector = vectors.find(({ proto }) => proto === 'oscar-oft');
  const wire = hex(vector?.hex ?? '');
  const { type, cookie, name, size, files } = readHeader(wire, 0, wire.length);
  expect({ type, cookie, name, size, files }).toEqual(vector?.expect);
});
