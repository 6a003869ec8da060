/** What a configuration is held against on the machine it is checked on. */
import { readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Host } from './check-config.ts';

/** Undefined where Linux does not tell: then nothing is asked of the machine. */
export function thisHost(): Host | undefined {
  try {
    const interfaces = readdirSync('/sys/class/net');
    return { interfaces, cpus: availableParallelism(), memory: totalmem() };
  } catch {
    return undefined;
  }
}
