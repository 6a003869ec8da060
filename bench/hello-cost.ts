/** What the hello of a web connection costs by itself: looked at, read, and asked about in the catalogue. */
import { type FlowContext, type ParserSink, Probe } from '../parsers/contract.ts';
import { TLS } from '../parsers/tls/definition.ts';
import { PASS } from '../src/verdict/judge.ts';
import { shippedServices } from './shipped-services.ts';
import { webHello } from './web-capture.ts';

export interface HelloCost {
  /** CPU, nanoseconds a hello: the median of later passes. */
  readonly nanoseconds: number;
  readonly known: number;
}

const LATER_PASSES = 5;

export function helloCost(flows: number): HelloCost {
  const services = shippedServices();
  const hellos = Array.from({ length: Math.min(flows, 10_000) }, (_, i) => webHello(i));
  let known = 0;
  const sink: ParserSink = {
    event: () => PASS,
    anomaly() {},
    expect() {},
    handOver() {},
    resolved() {},
    identify({ hosts = [] }) {
      const found = hosts.some((host) => services.byHost(host, 443) !== undefined);
      if (found) known++;
      return found;
    },
  };
  const context: FlowContext = {
    transport: 'tcp',
    clientAddress: '10.0.0.1',
    clientPort: 40_000,
    serverAddress: '198.18.0.1',
    serverPort: 443,
    midstream: false,
    expected: undefined,
    memory: new Map<string, unknown>(),
    follow: () => undefined,
    expectedByToken: () => undefined,
  };
  const passes: number[] = [];
  for (let pass = 0; pass <= LATER_PASSES; pass++) {
    const cpu = process.cpuUsage();
    for (let flow = 0; flow < flows; flow++) {
      const octets = hellos[flow % hellos.length] ?? new Uint8Array(0);
      if (TLS.probe?.(0, octets, false) !== Probe.Yes) throw new Error('not TLS');
      TLS.create(context).push(0, octets, sink);
    }
    const { user, system } = process.cpuUsage(cpu);
    if (pass > 0) passes.push(((user + system) * 1000) / flows);
  }
  passes.sort((a, b) => a - b);
  return { nanoseconds: passes[LATER_PASSES >> 1] ?? Number.NaN, known };
}
