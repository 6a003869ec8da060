/** Every name, protocol and version that a handshake shows, against tshark's table of the same captures. */
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import type { ServiceCatalogue } from '../../src/inspect/service-catalogue.ts';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { encryptedTruth, endsKey, joined, keyOfEvent } from './encrypted-truth.ts';
import { replayFile } from './replay.ts';

const need = needs({ corpus: true });

/** Knows every name and every handshake, so that each is said. */
const match = { service: 'any', activity: undefined, confidence: 'high', shared: false } as const;
const EVERYBODY: ServiceCatalogue = {
  byHost: () => match,
  bySignature: () => undefined,
  byAddress: () => match,
};

function handshakes(events: readonly ImEvent[]): ReadonlyMap<string, ImEvent> {
  const found = new Map<string, ImEvent>();
  for (const event of events) {
    if (event.kind !== 'flow.identified' || event.tls === undefined) continue;
    const key = keyOfEvent(event);
    if (!found.has(key)) found.set(key, event);
  }
  return found;
}

const QUIC_VERSIONS: Readonly<Record<string, string>> = { '0x00000001': '1' };

describe.skipIf(need.skip)(`handshakes as tshark reads them${need.why}`, () => {
  const truth = need.skip ? new Map() : encryptedTruth();

  test('there are rows', () => {
    let rows = 0;
    for (const { flows } of truth.values()) rows += flows.length;
    expect(rows).toBe(194);
  });

  test.each([...truth])('%s', async (name, { flows }) => {
    const found = handshakes((await replayFile(corpusPath(name), EVERYBODY)).events);
    const missing = [];
    for (const row of flows) {
      const key = endsKey(row.l4, joined(row.src, row.sport), joined(row.dst, row.dport));
      const event = found.get(key);
      const tls = event?.tls;
      const is = { sni: tls?.sni ?? '', alpn: tls?.alpn ?? '' };
      const same = event !== undefined && is.sni === row.sni && is.alpn === row.alpn;
      const version = QUIC_VERSIONS[row.quic_version];
      const isRight = row.quic_version === '' || event?.protocolVersion === version;
      if (!same || !isRight) missing.push({ row, is, found: event !== undefined });
    }
    expect(missing).toEqual([]);
  });
});
