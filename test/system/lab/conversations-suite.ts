/**
 * Real servers and real clients on both sides of the box. The same conversation over the kernel's own
 * bridge is the control: there everything arrives, so the lab works and the test can fail.
 *
 * A file of its own for each network: they wait most of their time, and wait side by side.
 */
import { afterEach, describe, expect, inject, test } from 'vitest';
import { needs } from '../../support/need.ts';
import type { Carrier } from './box.ts';
import { converse, policed, unhindered } from './conversation.ts';
import { ircCast } from './irc-cast.ts';
import { Lab, type LabOptions } from './lab.ts';
import { xmppCast } from './xmpp-cast.ts';

const tools = ['prosody', 'ngircd', 'ip', 'ss', 'ethtool', 'openssl', 'ping', 'sysctl'];
const need = needs({ tools, root: true });

const networks = {
  XMPP: { servers: ['prosody'], cast: xmppCast, requests: true },
  IRC: { servers: ['ngircd'], cast: ircCast, requests: false },
} as const;

type Name = keyof typeof networks;

interface Condition {
  readonly condition: string;
  readonly family: 4 | 6;
  readonly options: Pick<LabOptions, 'vlan' | 'disturbance'>;
}

const conditions: readonly Condition[] = [
  { condition: 'IPv4', family: 4, options: {} },
  { condition: 'IPv6', family: 6, options: {} },
  { condition: 'a VLAN, with priority', family: 4, options: { vlan: (5 << 13) | 42 } },
  { condition: 'late segments', family: 4, options: { disturbance: { seed: 1, late: 0.3 } } },
  { condition: 'repeated segments', family: 6, options: { disturbance: { seed: 2, twice: 0.5 } } },
  { condition: 'lost segments', family: 4, options: { disturbance: { seed: 3, lost: 0.06 } } },
];

export function conversations(name: Name): void {
  const network = networks[name];
  describe.skipIf(need.skip)(`${name} through the box${need.why}`, () => {
    let lab: Lab | undefined;
    afterEach(async () => {
      await lab?.close();
      lab = undefined;
    });

    async function outcomeOf(carrier: Carrier, { family, options }: Condition) {
      lab = await Lab.open({ tree: inject('builtTree'), carrier, ...network, ...options });
      const outcome = await converse(await network.cast(lab.actors, family));
      for (const what of ['late', 'twice', 'lost'] as const) {
        if (options.disturbance?.[what] !== undefined) {
          expect(lab.disturbed(what), what).toBeGreaterThan(0);
        }
      }
      return outcome;
    }

    test.each(conditions)(
      'over the kernel’s bridge everything arrives: $condition',
      { timeout: 120_000 },
      async (condition) => {
        const outcome = await outcomeOf('kernel', condition);
        expect(outcome).toEqual(unhindered(network.requests));
      },
    );

    test.each(conditions)(
      'what the policy forbids never arrives, everything else does: $condition',
      { timeout: 120_000 },
      async (condition) => {
        const outcome = await outcomeOf('product', condition);
        expect(outcome).toEqual(policed);
      },
    );
  });
}
