/** Small files of /proc and /sys. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Undefined where it cannot be read. */
export function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

export function fileNumber(path: string): number | undefined {
  const text = fileText(path);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Octets that can still be had without swapping; less where a control group says less. */
export function availableMemory(): number | undefined {
  const kib = /^MemAvailable:\s+(\d+) kB/m.exec(fileText('/proc/meminfo') ?? '')?.[1];
  const group = fileText('/proc/self/cgroup')
    ?.split('\n')
    .find((line) => line.startsWith('0::'));
  const folder = `/sys/fs/cgroup${group?.slice(3) ?? ''}`;
  const [most, used] = [fileNumber(`${folder}/memory.max`), fileNumber(`${folder}/memory.current`)];
  const machine = kib === undefined ? undefined : Number(kib) * 1024;
  if (most === undefined || used === undefined) return machine;
  return Math.min(machine ?? Number.POSITIVE_INFINITY, Math.max(0, most - used));
}

/** Soft limit of /proc/self/limits by its name there. */
export function softLimit(name: string): number | undefined {
  const line = fileText('/proc/self/limits')
    ?.split('\n')
    .find((one) => one.startsWith(name));
  const soft = line?.slice(name.length).trim().split(/\s+/)[0];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** As a shell of root would find it. */
export function program(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, '/usr/sbin', '/sbin'].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
