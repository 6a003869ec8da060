/** Keeps a thread on one CPU: its caches stay warm, and no two workers share one while there are enough. */
import { libc } from '../../src/capture/native/libc.ts';

/** Octets of a cpu_set_t: 1024 CPUs (sched.h). */
const SET = 128;

/** The calling thread, to the `place`th of the CPUs that it may use. Returns which; undefined: it could not. */
export function pinThread(place: number): number | undefined {
  const mask = new Uint8Array(SET);
  if (libc().sched_getaffinity(0, SET, mask) < 0) return undefined;
  const allowed = cpusOf(mask);
  const cpu = allowed[place % allowed.length];
  if (cpu === undefined) return undefined;
  mask.fill(0);
  mask[cpu >> 3] = 1 << (cpu & 7);
  return libc().sched_setaffinity(0, SET, mask) < 0 ? undefined : cpu;
}

function cpusOf(mask: Uint8Array): number[] {
  const cpus: number[] = [];
  for (const [i, octet] of mask.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((octet & (1 << bit)) !== 0) cpus.push(i * 8 + bit);
  }
  return cpus;
}
