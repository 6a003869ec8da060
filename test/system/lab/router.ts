/**
 * The box as a router that nobody needs to know of: it answers for the hosts of the other side (proxy ARP and
 * proxy NDP), and forwards by its routes. What it forwards passes netfilter's FORWARD.
 */
import { execFileSync } from 'node:child_process';
import type { Network, Station } from '../../record/lab/network.ts';

const OWN = ['10.91.0.250/32', 'fd91::250/128'];

export function makeRouter(network: Network, { namespace }: Station): void {
  const inside = (...args: string[]) => {
    execFileSync('ip', ['netns', 'exec', namespace, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  };
  const devices = ['inside', 'outside'];
  inside(
    'sysctl',
    '-qw',
    ...['all', 'default', ...devices].map((name) => `net.ipv6.conf.${name}.disable_ipv6=0`),
    'net.ipv4.ip_forward=1',
    'net.ipv6.conf.all.forwarding=1',
    ...devices.flatMap((name) => [
      `net.ipv4.conf.${name}.proxy_arp=1`,
      `net.ipv4.conf.${name}.rp_filter=0`,
      `net.ipv6.conf.${name}.proxy_ndp=1`,
      // Else it answers after up to 0.8 s, lest a host be quicker.
      `net.ipv4.neigh.${name}.proxy_delay=0`,
      `net.ipv6.neigh.${name}.proxy_delay=0`,
    ]),
  );
  const ip = (...args: string[]) => inside('ip', ...args);
  for (const device of devices) {
    for (const address of OWN) {
      ip('address', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
    }
  }
  const [near, ...far] = network.clients;
  if (near === undefined) throw new Error('no client');
  ip('route', 'add', `${near.address}/32`, 'dev', 'inside');
  ip('route', 'add', '10.91.0.0/24', 'dev', 'outside');
  ip('-6', 'route', 'add', `${near.address6}/128`, 'dev', 'inside');
  ip('-6', 'route', 'add', 'fd91::/64', 'dev', 'outside');
  ip('-6', 'neighbour', 'add', 'proxy', near.address6, 'dev', 'outside');
  for (const { address6 } of [network.server, ...far]) {
    ip('-6', 'neighbour', 'add', 'proxy', address6, 'dev', 'inside');
  }
}
