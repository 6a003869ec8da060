/**
 * Real IRC through a router whose kernel asks the product about each packet. The same conversation while
 * nobody reads the queue is the control: the rules let packets by, and everything arrives.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { needs } from '../support/need.ts';
import { converse, policed, unhindered } from './lab/conversation.ts';
import { ircCast } from './lab/irc-cast.ts';
import { QueueLab, type QueueLabOptions } from './lab/queue-lab.ts';

const tools = ['ngircd', 'ip', 'ss', 'ethtool', 'sysctl', 'iptables', 'ip6tables'];
const need = needs({ tools, root: true });

interface Condition {
  readonly condition: string;
  readonly family: 4 | 6;
  readonly options: Partial<QueueLabOptions>;
}

const conditions: readonly Condition[] = [
  { condition: 'IPv4', family: 4, options: {} },
  { condition: 'IPv6', family: 6, options: {} },
  {
    condition: 'superframes and checksums left to the card',
    family: 4,
    options: { offloads: true },
  },
  { condition: 'failing closed', family: 6, options: { onFailure: 'closed' } },
];

describe.skipIf(need.skip)(`conversations through a queue${need.why}`, () => {
  let lab: QueueLab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  const open = async (options: Partial<QueueLabOptions>): Promise<QueueLab> => {
    lab = await QueueLab.open({ tree: inject('builtTree'), ...options });
    return lab;
  };

  test('nobody reads the queue: everything arrives', { timeout: 120_000 }, async () => {
    const { actors } = await open({});
    expect(await converse(await ircCast(actors, 4))).toEqual(unhindered(false));
  });

  test.each(conditions)(
    'what the policy forbids never arrives, everything else does: $condition',
    { timeout: 120_000 },
    async ({ family, options }) => {
      const opened = await open(options);
      const product = await opened.startProduct();
      const outcome = await converse(await ircCast(opened.actors, family));
      expect(outcome, opened.log()).toEqual(policed);
      product.kill('SIGTERM');
      await new Promise((resolve) => product.once('exit', resolve));
      expect(product.exitCode, opened.log()).toBe(0);
      const events = readFileSync(opened.eventsFile, 'utf8').trim().split('\n');
      const refused = events.map((line) => JSON.parse(line)).filter(isRefused);
      expect(refused.length).toBe(5); // two messages and a stranger's, two offers
      expect(refused.filter(({ verdict }) => !verdict.enforced)).toEqual([]);
    },
  );
});

interface Judged {
  readonly kind: string;
  readonly verdict: { readonly action: string };
}

function isRefused({ kind, verdict }: Judged): boolean {
  return (kind === 'message' || kind === 'file.offer') && verdict.action !== 'pass';
}
