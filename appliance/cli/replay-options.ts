/** The options of `sallyport replay`, as commander hands them over. */
import type { ServiceOptions } from './service-options.ts';

export const EXAMPLE_EVENTS = 'out/events.jsonl';
export const EXAMPLE_ARCHIVE = 'out/archive.db';

export interface ReplayCommandOptions extends ServiceOptions {
  /** False: --no-rules. */
  readonly rules?: readonly string[] | false;
  readonly directory?: string;
  readonly json?: true;
  readonly events?: string;
  readonly ecs?: string;
  readonly archive?: string;
  readonly archiveHome?: string;
  readonly config?: string;
  readonly summary?: true;
  readonly show: number;
  readonly progress?: boolean;
  readonly checksums?: true;
  readonly content: boolean;
  readonly extract?: string;
  /** Octets. */
  readonly extractLimit: number;
  readonly by?: 'person';
  readonly maxFlows?: number;
  readonly inline?: true;
  /** Capture file that --inline writes. */
  readonly write?: string;
  readonly example?: true;
}
