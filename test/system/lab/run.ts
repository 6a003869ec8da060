/** A program on a host of the lab, from its start to its end. */
import type { Host, Network, Station } from '../../record/lab/network.ts';

/** What it wrote to standard output. Rejects with all it said where it fails. */
export async function run(
  network: Network,
  host: Host | Station,
  command: string,
  args: readonly string[],
): Promise<string> {
  const child = network.spawn(host, command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code === 0) return out;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${errors}${out}`);
}
