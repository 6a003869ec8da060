/** The limits of the engine (src/limits.ts) as a configuration may set them. */
import type { Limits } from '../../src/limits.ts';

export type LimitName = keyof Limits;

export interface LimitBounds {
  readonly unit: 'octets' | 'seconds' | 'number';
  readonly least: number;
  readonly most: number;
  readonly powerOfTwo?: true;
  /** The default, as one would write it. */
  readonly preset: string | number;
  readonly what: string;
}

const Ki = 2 ** 10;
const Mi = 2 ** 20;
const Gi = 2 ** 30;

export const LIMIT_BOUNDS: Readonly<Record<LimitName, LimitBounds>> = {
  flows: { unit: 'number', least: 1024, most: 16 * Mi, preset: Mi, what: 'Flows in the table.' },
  reassemblyPerDirection: {
    unit: 'octets',
    least: 64 * Ki,
    most: 256 * Mi,
    preset: '1MiB',
    what: 'Out-of-order segments kept per direction of a flow.',
  },
  reassemblyTotal: {
    unit: 'octets',
    least: Mi,
    most: 64 * Gi,
    preset: '256MiB',
    what: 'Out-of-order segments kept in all.',
  },
  fragmentedDatagrams: {
    unit: 'number',
    least: 16,
    most: Mi,
    preset: 4096,
    what: 'Datagrams being put together from fragments.',
  },
  fragmentOctets: {
    unit: 'octets',
    least: 64 * Ki,
    most: 4 * Gi,
    preset: '16MiB',
    what: 'Fragments kept in all.',
  },
  fragmentTimeout: {
    unit: 'seconds',
    least: 1,
    most: 600,
    preset: '60s',
    what: 'A datagram waits so long for its fragments.',
  },
  identificationOctets: {
    unit: 'octets',
    least: 512,
    most: Mi,
    preset: '8KiB',
    what: 'Looked at per direction before a flow is let go.',
  },
  identificationDatagrams: {
    unit: 'number',
    least: 1,
    most: 1024,
    preset: 4,
    what: 'Datagrams of a UDP flow looked at before it is let go.',
  },
  identificationFlows: {
    unit: 'number',
    least: 64,
    most: Mi,
    preset: 16_384,
    what: 'Flows whose first octets are kept while a probe wants more.',
  },
  expectedConnections: {
    unit: 'number',
    least: 64,
    most: 4 * Mi,
    preset: 65_536,
    what: 'Connections announced and not yet opened.',
  },
  expectedTimeout: {
    unit: 'seconds',
    least: 1,
    most: 86_400,
    preset: '300s',
    what: 'An announced connection is waited for so long.',
  },
  sharedMemoryEntries: {
    unit: 'number',
    least: 64,
    most: 4 * Mi,
    preset: 65_536,
    what: 'What parsers remember across flows.',
  },
  sessions: {
    unit: 'number',
    least: 64,
    most: 4 * Mi,
    preset: 65_536,
    what: 'Flows read at a time.',
  },
  recognisers: {
    unit: 'number',
    least: 64,
    most: 4 * Mi,
    preset: 16_384,
    what: 'Flows whose service is looked for at a time.',
  },
  recognisedFlows: {
    unit: 'number',
    least: 64,
    most: 4 * Mi,
    preset: 65_536,
    what: 'Flows of known services that are not read, kept to tell their end.',
  },
  parserOctets: {
    unit: 'octets',
    least: 16 * Mi,
    most: 64 * Gi,
    preset: '512MiB',
    what: 'What all parsers together may hold.',
  },
  retainedPerDirection: {
    unit: 'octets',
    least: 64 * Ki,
    most: 64 * Mi,
    powerOfTwo: true,
    preset: '1MiB',
    what: 'Inline: carried and not acknowledged, per direction of a flow that is read.',
  },
  retainedTotal: {
    unit: 'octets',
    least: Mi,
    most: 64 * Gi,
    preset: '128MiB',
    what: 'Inline: carried and not acknowledged, in all.',
  },
  heldTotal: {
    unit: 'octets',
    least: Mi,
    most: 4 * Gi,
    preset: '64MiB',
    what: 'Inline: packets held until they are decided, in all.',
  },
  asidePerDirection: {
    unit: 'octets',
    least: 64 * Ki,
    most: 64 * Mi,
    preset: '1MiB',
    what: 'Inline: segments ahead of a hole, per direction of a flow.',
  },
  asideTotal: {
    unit: 'octets',
    least: Mi,
    most: 4 * Gi,
    preset: '64MiB',
    what: 'Inline: segments ahead of a hole, in all.',
  },
  nameHints: {
    unit: 'number',
    least: 0,
    most: Mi,
    preset: 16384,
    what: 'Addresses remembered as answers for names of known services.',
  },
  learnedAddresses: {
    unit: 'number',
    least: 0,
    most: Mi,
    preset: 16384,
    what: 'Server addresses remembered of refused services (`learn`).',
  },
  tunnelDepth: {
    unit: 'number',
    least: 1,
    most: 16,
    preset: 8,
    what: 'Nested tunnels decoded in one packet or stream.',
  },
};
