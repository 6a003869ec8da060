/** A transfer by iperf3 from a client to the network's server. */
import type { Host, Network } from '../../record/lab/network.ts';
import { run } from './run.ts';

/** Milliseconds in which its server must listen. */
const PATIENCE = 20_000;

/**
 * Octets that arrived. `args` are the client's, `before` is what starts it: `taskset -c 0`. The server listens before the client begins: with -J a client
 * that was refused ends with 0 as well, and says so in its figures only (iperf 3.12).
 */
export async function iperf(
  network: Network,
  client: Host,
  args: readonly string[],
  before: readonly string[] = [],
): Promise<number> {
  const server = network.spawn(network.server, 'iperf3', ['-s', '-1'], { stdio: 'ignore' });
  try {
    await listening(network);
    const [program = '', ...words] = [...before, 'iperf3', ...args, '-J'];
    const figures = JSON.parse(await run(network, client, program, words));
    if (figures.error !== undefined) throw new Error(`iperf3 ${args.join(' ')}: ${figures.error}`);
    return figures.end.sum_received.bytes;
  } finally {
    server.kill();
  }
}

async function listening(network: Network): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while ((await run(network, network.server, 'ss', ['-Hltn', 'sport', '=', ':5201'])) === '') {
    if (performance.now() > deadline) throw new Error('the server of iperf3 does not listen');
  }
}
