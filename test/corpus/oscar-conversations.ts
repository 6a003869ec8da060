/** The OSCAR connections of a capture as their parsers got them. */
import { vi } from 'vitest';
import type { FlowContext } from '../../parsers/contract.ts';
import { PROTOCOLS } from '../../parsers/registry.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { corpusPath } from '../support/corpus.ts';
import type { Turn } from '../support/parser-harness.ts';
import { replayFile } from './replay.ts';
import { recordedNames } from './truth.ts';

export interface Conversation {
  readonly context: Partial<FlowContext>;
  readonly turns: readonly Turn[];
}

export interface OscarCapture {
  readonly conversations: readonly Conversation[];
  /** All that the engine said of the capture. */
  readonly events: readonly ImEvent[];
}

/** Call where the corpus is there. */
export const oscarCaptures = (): string[] => [
  'oscar/puzzle1-anns-bad-aim.pcap',
  ...recordedNames('oscar').map((name) => `recorded/oscar/${name}.pcap`),
];

/** Every OSCAR connection of a capture, and what the memory of all knew before it. */
export async function oscarOf(capture: string): Promise<OscarCapture> {
  const found: Conversation[] = [];
  const oscar = PROTOCOLS.find(({ name }) => name === 'oscar');
  if (oscar === undefined) throw new Error('no OSCAR in the registry');
  const create = oscar.create.bind(oscar);
  const known = new Map<string, unknown>();
  const spy = vi.spyOn(oscar, 'create').mockImplementation((context) => {
    const turns: Turn[] = [];
    const { midstream } = context;
    const memory = new Map(known);
    found.push({ context: { midstream, memory }, turns });
    const { get, set } = context.memory;
    const own = {
      ...context.memory,
      get,
      set: (key: string, value: unknown) => {
        known.set(key, value);
        set(key, value);
      },
    };
    const { transport, clientAddress, clientPort, serverAddress, serverPort, expected } = context;
    const parser = create({
      ...{ transport, clientAddress, clientPort, serverAddress, serverPort, midstream, expected },
      memory: own,
      follow: () => context.follow(),
      expectedByToken: (token) => context.expectedByToken(token),
    });
    const push = parser.push.bind(parser);
    parser.push = (direction, octets, sink) => {
      turns.push({ direction, wire: octets.slice() });
      return push(direction, octets, sink);
    };
    return parser;
  });
  const { events } = await replayFile(corpusPath(capture));
  spy.mockRestore();
  return { conversations: found, events };
}
