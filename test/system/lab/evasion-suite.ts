/**
 * Who cuts a forbidden message at any octet over two packets, or says something else when a segment
 * comes again, does not get it through. Over the kernel's bridge each of these tricks works. A file of its own for
 * each network: they wait most of their time, and wait side by side.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { needs } from '../../support/need.ts';
import { attacks, cutEverywhere, type Struck, strike } from './attacks.ts';
import type { Carrier } from './box.ts';
import { ircCast } from './irc-cast.ts';
import { Lab } from './lab.ts';
import { forbidden } from './policy.ts';
import { xmppCast } from './xmpp-cast.ts';

const tools = ['prosody', 'ngircd', 'ip', 'ss', 'ethtool', 'openssl', 'ping', 'sysctl'];
const need = needs({ tools, root: true });

/** `longest`: octets of the longest segment that carries one of the messages, and some. */
const networks = {
  XMPP: { servers: ['prosody'], cast: xmppCast, longest: 260 },
  IRC: { servers: ['ngircd'], cast: ircCast, longest: 90 },
} as const;

type Name = keyof typeof networks;

export function evasion(name: Name): void {
  const network = networks[name];
  const { servers, cast } = network;
  describe.skipIf(need.skip)(`${name}: evasion${need.why}`, () => {
    let lab: Lab | undefined;
    afterEach(async () => {
      await lab?.close();
      lab = undefined;
    });

    async function open(carrier: Carrier) {
      const tree = inject('builtTree');
      const opened = await Lab.open({ tree, carrier, servers, disturbance: { seed: 4 } });
      lab = opened;
      return { opened, cast: await cast(opened.actors, 4) };
    }

    /** How many forbidden messages came, of how many that were said. */
    async function cut(carrier: Carrier, step: number) {
      const { opened, cast } = await open(carrier);
      const { anna, ben } = cast;
      const arrived = await Promise.all([
        cutEverywhere(anna, ben, network.longest, step),
        cutEverywhere(ben, anna, network.longest, step),
      ]);
      return { arrived, said: Math.ceil(network.longest / step), cuts: opened.disturbed('cut') };
    }

    test('the kernel’s bridge lets cut messages through', { timeout: 120_000 }, async () => {
      const { arrived, said } = await cut('kernel', 9);
      expect(arrived).toEqual([said, said]);
    });

    test('cut at every octet, it does not arrive', { timeout: 180_000 }, async () => {
      const { arrived, said, cuts } = await cut('product', 1);
      expect(arrived).toEqual([0, 0]);
      // Once a round and direction at least (both messages may go in one segment), where the place is in it.
      expect(cuts).toBeGreaterThan(1.5 * said);
    });

    test('the kernel’s bridge lets the second content through', { timeout: 120_000 }, async () => {
      const { cast } = await open('kernel');
      const struck = await strike(cast);
      expect(struck.filter(({ text }) => text?.includes(forbidden))).toHaveLength(struck.length);
    });

    test('what was judged is what arrives', { timeout: 120_000 }, async () => {
      const { opened, cast } = await open('product');
      const struck = await strike(cast);
      for (const attack of attacks) expect(opened.disturbed(attack), attack).toBe(2);
      // Of two contents one is judged, and that one arrives, unless it is the forbidden one.
      for (const one of struck) {
        const { passed, dropped } = judgedTexts(opened.eventsFile, one);
        const which = `${one.attack} from ${one.from}: ${one.text}`;
        if (one.text === undefined) expect(dropped, which).toHaveLength(1);
        else expect(passed, which).toEqual([one.text]);
        expect(one.text ?? '', which).not.toContain(forbidden);
      }
    });
  });
}

/** Texts of the messages with the end by which this one is known, as the box judged them. */
function judgedTexts(eventsFile: string, { attack, from }: Struck) {
  const lines = readFileSync(eventsFile, 'utf8').split('\n');
  const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const ours = events.filter(
    ({ kind, text = '' }) => kind === 'message' && text.endsWith(`~${attack}~ from ${from}.`),
  );
  const texts = (action: string) =>
    ours.filter(({ verdict }) => verdict?.action === action).map(({ text }) => String(text));
  return { passed: texts('pass'), dropped: texts('drop') };
}
