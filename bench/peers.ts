/** Other programs on the same captures: CPU time as the shell counts it. */
import { spawnSync } from 'node:child_process';
import { findTool } from '../test/support/need.ts';

export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly command: (capture: string) => readonly string[];
}

/** The peers that are installed here. */
export function installedPeers(): Peer[] {
  return [
    {
      name: 'ndpiReader',
      version: firstMatch(['ndpiReader', '-h'], /nDPI \S+/),
      command: (capture: string) => ['ndpiReader', '-q', '-i', capture],
    },
    {
      name: 'tshark',
      version: firstMatch(['tshark', '--version'], /TShark[^\n]*?\d+\.\d+\.\d+/),
      command: (capture: string) => ['tshark', '-n', '-r', capture],
    },
  ].filter((peer) => findTool(peer.name) !== undefined);
}

function firstMatch([program = '', ...rest]: readonly string[], pattern: RegExp): string {
  const { stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  return pattern.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[0] ?? program;
}

/** User and system seconds of one run of a program, start and all. */
export function cpuSeconds(command: readonly string[]): number {
  const script = '"$@" >/dev/null 2>&1; times';
  const { stdout, status } = spawnSync('sh', ['-c', script, 'sh', ...command], {
    encoding: 'utf8',
  });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  const parts = [...last.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, m, s]) => Number(m) * 60 + Number(s),
  );
  if (status !== 0 || parts.length !== 2) throw new Error(`${command.join(' ')}: no CPU time`);
  return parts.reduce((sum, seconds) => sum + seconds, 0);
}
