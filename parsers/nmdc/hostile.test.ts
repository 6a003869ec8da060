/** Compression made to cost: what it makes is bounded for all compressed parts of a flow together. */
import { deflate } from 'pako';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { flowContext, joined, octets, PASS } from '../../test/support/parser-harness.ts';
import { Direction, type ProtocolDefinition, Status } from '../contract.ts';
import { ADC, NMDC } from './definition.ts';

const { ToServer, ToClient } = Direction;

function cost(
  definition: ProtocolDefinition,
  direction: Direction,
  opening: readonly (readonly [Direction, string])[],
  wire: Uint8Array,
) {
  let events = 0;
  let anomalies = 0;
  const sink = {
    event: () => {
      events++;
      return PASS;
    },
    anomaly: () => anomalies++,
    expect() {},
    handOver() {},
    identify: () => false,
    resolved() {},
  };
  const parser = definition.create(flowContext());
  for (const [side, text] of opening) parser.push(side, octets(text), sink);
  events = 0;
  const copies = Math.ceil(200_000 / wire.length);
  const started = cpuMilliseconds();
  let status: Status = Status.More;
  for (let i = 0; i < copies && status === Status.More; i++)
    status = parser.push(direction, wire, sink);
  return { events, anomalies, milliseconds: cpuMilliseconds() - started, status };
}

const HUB = [
  [ToClient, '$Lock a Pk=b|'],
  [ToServer, '$ValidateNick ann|'],
  [ToClient, '$Hello ann|'],
] as const;
const PEERS = [
  [ToServer, '$MyNick ann|$Lock a Pk=b|'],
  [ToClient, '$MyNick bob|$Lock a Pk=b|'],
] as const;
const many = (text: string, octetsOut: number) =>
  deflate(octets(text.repeat(octetsOut / text.length)));

describe('small bombs, one after the other', () => {
  test('of a hub', () => {
    const { events, status, anomalies } = cost(
      NMDC,
      ToClient,
      HUB,
      joined(octets('$ZOn|'), many('<b> x|', 600_000)),
    );
    expect(status).toBe(Status.Lost);
    expect(anomalies).toBe(1);
    expect(events).toBeLessThan((2 * (1 << 20)) / 6);
  });

  test('of an ADC hub', () => {
    const opening = [
      [ToServer, 'HSUP ADBASE ADZLIF\n'],
      [ToClient, 'ISUP ADBASE\nISID AAAB\n'],
    ] as const;
    const wire = joined(octets('IZON\n'), many('BMSG AAAB x\n', 600_000));
    const { events, status } = cost(ADC, ToClient, opening, wire);
    expect(status).toBe(Status.Lost);
    expect(events).toBeLessThan((2 * (1 << 20)) / 12);
  });

  test('of files', () => {
    const size = 1 << 19;
    const wire = joined(octets(`$ADCSND file x 0 ${size} ZL1|`), deflate(new Uint8Array(size)));
    const { milliseconds, status } = cost(NMDC, ToServer, PEERS, wire);
    expect(status).toBe(Status.Lost);
    expect(milliseconds).toBeLessThan(1000);
  });
});
