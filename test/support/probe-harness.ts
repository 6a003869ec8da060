/** One suite for the probes of signatures, and for what their parsers do with hostile octets. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Direction, Probe, type ProtocolDefinition, Status } from '../../parsers/contract.ts';
import { Ear, flowContext, joined } from './parser-harness.ts';

export interface ProbeRow {
  readonly name: string;
  /** To the server unless said. */
  readonly direction?: Direction;
  readonly wire: Uint8Array;
  /** Octets from which on it is certain; all before them are answered More. Absent: it is none, and never certain. */
  readonly at?: number;
  readonly midstream?: boolean;
}

/** Each row at every prefix, and with octets behind it. */
export function describeProbe(definition: ProtocolDefinition, rows: readonly ProbeRow[]): void {
  const answer = ({ direction, midstream }: ProbeRow, octets: Uint8Array) =>
    definition.probe?.(direction ?? Direction.ToServer, octets, midstream === true);

  describe.each(rows.map((row) => [row.name, row] as const))('probe: %s', (_, row) => {
    const { wire, at } = row;
    test(at === undefined ? 'is refused' : `is certain at ${at} octets`, () => {
      for (let length = 0; length <= wire.length; length++) {
        const said = answer(row, wire.slice(0, length));
        if (at === undefined) expect(said, `${length} octets`).not.toBe(Probe.Yes);
        else expect(said, `${length} octets`).toBe(length < at ? Probe.More : Probe.Yes);
      }
      if (at === undefined) expect(answer(row, wire)).toBe(Probe.No);
    });
  });

  test('probe: a refusal stands when more octets come', () => {
    for (const row of rows) {
      let isRefused = false;
      for (let length = 0; length <= row.wire.length; length++) {
        const said = answer(row, row.wire.slice(0, length));
        if (isRefused) expect(said, `${row.name}, ${length} octets`).toBe(Probe.No);
        isRefused = said === Probe.No;
      }
    }
  });

  test('probe: what is certain is certain within its limit', () => {
    for (const { name, at = 0 } of rows)
      expect(at, name).toBeLessThanOrEqual(definition.probeLimit);
  });
}

/** Random and mutated octets in any pieces: nothing is thrown, and no more than `heldMost` octets are held. */
export function hostile(
  definition: ProtocolDefinition,
  wires: readonly Uint8Array[],
  heldMost: number,
): void {
  const direction = fc.constantFrom<Direction>(Direction.ToServer, Direction.ToClient);
  const mutated = fc
    .tuple(fc.constantFrom(...wires), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
    .map(([wire, changes]) => {
      const octets = wire.slice();
      for (const [at, octet] of changes) octets[at % octets.length] = octet;
      return octets;
    });
  const piece = fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated);
  const pieces = fc.array(fc.tuple(direction, piece, fc.nat(20)), { maxLength: 12 });

  test('random and mutated octets throw nothing and are held in bounds', () => {
    fc.assert(
      fc.property(pieces, (given) => {
        const parser = definition.create(flowContext());
        const ear = new Ear();
        for (const [to, octets, dice] of given) {
          const before = joined(octets);
          definition.probe?.(to, octets, dice > 15);
          expect(octets).toEqual(before);
          const cut = Math.floor((octets.length * dice) / 20);
          const status = parser.push(to, octets.slice(0, cut), ear);
          if (status !== Status.More) break;
          if (parser.push(to, octets.slice(cut), ear) !== Status.More) break;
          if (dice === 7 && parser.gap(to, 100, ear) !== Status.More) break;
          expect(parser.held()).toBeLessThanOrEqual(heldMost);
        }
        parser.end(Direction.ToServer, ear);
        parser.end(Direction.ToClient, ear);
        for (const said of ear.heard) expect(Object.keys(said)[0]).toMatch(/identify|anomaly/);
      }),
      { numRuns: 300 },
    );
  });
}
