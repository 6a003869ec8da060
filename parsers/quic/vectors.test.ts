/** The two Initials of the dossier (vectors.fixture.json): shuffled CRYPTO frames, packet number 2. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Ear, flowContext, hex } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { QUIC } from './definition.ts';

interface Vector {
  readonly hex: string;
  readonly sni: string;
  readonly alpn: readonly string[];
  readonly ja3: string | null;
  readonly ja4: string | null;
}

const vectors: Readonly<Record<string, Vector>> = JSON.parse(
  readFileSync(new URL('vectors.fixture.json', import.meta.url), 'utf8'),
);
const { quic_v1_initial: first, quic_v2_initial: second } = vectors;

test.each([
  ['1', first],
  ['2', second],
])('version %s', (protocolVersion, vector) => {
  const octets = hex(vector?.hex ?? '');
  expect(octets).toHaveLength(1202);
  expect(QUIC.probe?.(Direction.ToServer, octets, false)).toBe(Probe.Yes);
  const ear = new Ear();
  QUIC.create(flowContext({ transport: 'udp' })).push(Direction.ToServer, octets, ear);
  // The same hello: what is known of one is so of the other.
  const { ja3, ja4 } = first ?? {};
  expect(ear.heard).toMatchObject([
    {
      identify: {
        hosts: [vector?.sni],
        protocolVersion,
        tls: { sni: vector?.sni, alpn: vector?.alpn[0], ja3, ja4 },
      },
    },
  ]);
});
