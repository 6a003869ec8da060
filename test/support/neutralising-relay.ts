/**
 * A TCP relay that does to a live conversation what a bridge does to refused units: real clients and
 * servers at both ends show whether they go on. Units must lie within one segment.
 */
import { connect, createServer, type Server } from 'node:net';
import { Direction, type ProtocolDefinition } from '../../parsers/contract.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { DROP, Ear, flowContext, PASS } from './parser-harness.ts';

export interface Relay {
  readonly port: number;
  /** Units that were made neutral so far. */
  readonly refused: readonly ImEvent[];
  close(): void;
}

export async function neutralisingRelay(
  definition: ProtocolDefinition,
  serverPort: number,
  refuse: (event: ImEvent) => boolean,
): Promise<Relay> {
  const refused: ImEvent[] = [];
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    const parser = definition.create(flowContext({ serverPort }));
    const passed: [number, number] = [0, 0];
    const pass = (direction: Direction, chunk: Buffer): Buffer => {
      const from = passed[direction];
      const ear = new Ear();
      ear.judge = (event, unit) => {
        if (!refuse(event)) return PASS;
        refused.push(event);
        const { start, end, head, form } = unit;
        if (start < from || end < 0 || form === -1) throw new Error(`${event.kind}: cannot vanish`);
        const length = end - start;
        definition.neutralise?.(out.subarray(start - from, end - from), 0, {
          direction,
          length,
          head,
          form,
        });
        return DROP;
      };
      const out = Buffer.from(chunk);
      parser.push(direction, chunk, ear);
      passed[direction] += chunk.length;
      return out;
    };
    client.on('data', (chunk) => upstream.write(pass(Direction.ToServer, chunk)));
    upstream.on('data', (chunk) => client.write(pass(Direction.ToClient, chunk)));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  return { port: await listening(server), refused, close: () => server.close() };
}

/** The port that the server was given on the loopback address. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}
