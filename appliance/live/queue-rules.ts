/**
 * Firewall rules that hand forwarded packets to the gateway's netfilter queues. Printed, never installed.
 *
 * - A packet of a connection that was let go does not leave the kernel: its connection carries the mark.
 *   The gateway gives the mark to the packet; a rule behind the queue gives it to the connection. (A verdict
 *   could mark the connection itself, but only in kernels built with NETFILTER_NETLINK_GLUE_CT.)
 * - A queue's "accept" ends the chain that it stands in. So it stands in one of its own, where it skips
 *   nobody's rules.
 * - With several queues the kernel chooses by the two addresses, the same in both directions.
 * - Only what can carry instant messaging: TCP, UDP, and tunnels without encryption.
 */
import { injectedMark } from '../../src/capture/nfqueue/queue-marks.ts';
import type { QueueSettings } from '../config/settings.ts';

export const RULE_SYNTAXES = ['iptables', 'nft'] as const;
export type RuleSyntax = (typeof RULE_SYNTAXES)[number];

/** IP protocol numbers: TCP, UDP, IP in IP (RFC 2003), IPv6 in IPv4 (RFC 4213), GRE (RFC 2784). */
const PROTOCOLS = [6, 17, 4, 41, 47];

/** A shell script, or a file for `nft -f`. */
export function queueRules(queue: QueueSettings, workers: number, syntax: RuleSyntax): string {
  return syntax === 'nft' ? nftRules(queue, workers) : iptablesRules(queue, workers);
}

function iptablesRules(queue: QueueSettings, workers: number): string {
  const mark = masked(queue.mark);
  const bits = hex(queue.mark);
  const target = `NFQUEUE ${balance(queue.number, workers)}${open(queue) ? ' --queue-bypass' : ''}`;
  const lines = [
    '#!/bin/sh',
    ...headline(queue, workers),
    '# Install: sh THIS-FILE. It is for the mangle table: the filter table still sees every packet after it.',
    'set -e',
  ];
  const removal = [];
  for (const [command, family] of FAMILIES) {
    const rule = `${command} -w -t mangle`;
    lines.push(
      '',
      `# ${family}`,
      `${rule} -N SALLYPORT`,
      `${rule} -N SALLYPORT-MARK`,
      "# The gateway's own packets, and connections that it let go, are not queued.",
      `${rule} -A SALLYPORT -m mark --mark ${masked(injectedMark(queue.mark))} -j RETURN`,
      `${rule} -A SALLYPORT -m connmark --mark ${mark} -j RETURN`,
      `# ${withoutGateway(queue)}`,
      ...PROTOCOLS.map((protocol) => `${rule} -A SALLYPORT -p ${protocol} -j ${target}`),
      '# A packet that comes back with the mark gives it to its connection.',
      `${rule} -A SALLYPORT-MARK -j CONNMARK --save-mark --nfmask ${bits} --ctmask ${bits}`,
      `${rule} -A SALLYPORT-MARK -j MARK --set-xmark 0x0/${bits}`,
      `${rule} -A POSTROUTING -m mark --mark ${mark} -j SALLYPORT-MARK`,
      `${rule} -A FORWARD -j SALLYPORT`,
    );
    removal.push(
      `# ${rule} -D FORWARD -j SALLYPORT`,
      `# ${rule} -D POSTROUTING -m mark --mark ${mark} -j SALLYPORT-MARK`,
      `# ${rule} -F SALLYPORT && ${rule} -X SALLYPORT`,
      `# ${rule} -F SALLYPORT-MARK && ${rule} -X SALLYPORT-MARK`,
    );
  }
  lines.push('', '# To take them away again:', ...removal);
  return `${lines.join('\n')}\n`;
}

function nftRules(queue: QueueSettings, workers: number): string {
  const bits = hex(queue.mark);
  const injected = hex(injectedMark(queue.mark));
  const target = `queue ${open(queue) ? 'flags bypass ' : ''}to ${range(queue.number, workers)}`;
  const lines = [
    '#!/usr/sbin/nft -f',
    ...headline(queue, workers),
    '# Install: nft -f THIS-FILE. Take away: nft delete table inet sallyport',
    '',
    '# Whatever an earlier installation left is replaced, in one transaction.',
    'table inet sallyport',
    'delete table inet sallyport',
    '',
    'table inet sallyport {',
    '  chain forward {',
    '    # After the firewall: what it drops is not looked at.',
    '    type filter hook forward priority filter + 10; policy accept;',
    "    # The gateway's own packets, and connections that it let go, are not queued.",
    `    meta mark & ${injected} == ${injected} accept`,
    `    ct mark & ${bits} == ${bits} accept`,
    `    # ${withoutGateway(queue)}`,
    `    meta l4proto { ${PROTOCOLS.join(', ')} } ${target}`,
    '  }',
    '',
    '  chain postrouting {',
    '    type filter hook postrouting priority mangle; policy accept;',
    '    # A packet that comes back with the mark gives it to its connection.',
    `    meta mark & ${bits} == ${bits} ct mark set ct mark | ${bits} meta mark set meta mark & ${hex(~queue.mark)}`,
    '  }',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const FAMILIES = [
  ['iptables', 'IPv4'],
  ['ip6tables', 'IPv6'],
] as const;

function headline(queue: QueueSettings, workers: number): readonly string[] {
  const queues = workers === 1 ? `queue ${queue.number}` : `queues ${range(queue.number, workers)}`;
  return [
    `# Hands forwarded packets to netfilter ${queues}, which \`sallyport queue\` reads.`,
    `# Mark ${hex(queue.mark)} (packets and connections) must not be used by other rules of this host.`,
  ];
}

function withoutGateway(queue: QueueSettings): string {
  return open(queue)
    ? 'While nobody reads the queue, packets pass (bypass).'
    : 'While nobody reads the queue, packets are dropped.';
}

function open(queue: QueueSettings): boolean {
  return queue.onFailure === 'open';
}

function balance(first: number, workers: number): string {
  if (workers === 1) return `--queue-num ${first}`;
  return `--queue-balance ${first}:${first + workers - 1}`;
}

function range(first: number, workers: number): string {
  return workers === 1 ? String(first) : `${first}-${first + workers - 1}`;
}

function masked(mark: number): string {
  return `${hex(mark)}/${hex(mark)}`;
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}
