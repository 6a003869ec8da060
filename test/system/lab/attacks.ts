/** Segments cut at every octet, and segments that say something else when they come again. */
import type { Cast, Party } from './cast.ts';
import { forbidden } from './policy.ts';
import { harmlessWord } from './stations/disturbance.ts';

/**
 * Says a forbidden and an allowed text, each cut in two after `where` octets, for every `where` up to
 * `longest` in steps. Every allowed text must come; how many of the forbidden ones came.
 */
export async function cutEverywhere(
  from: Party,
  to: Party,
  longest: number,
  step: number,
): Promise<number> {
  let arrived = 0;
  for (let where = 1; where <= longest; where += step) {
    await from.say(to, `the ${forbidden} ~cut=${where}~.`);
    await from.say(to, `all is well ~cut=${where}~.`);
    await to.hears(`all is well ~cut=${where}~.`);
    if (await to.heard(`${forbidden} ~cut=${where}~.`)) arrived++;
  }
  return arrived;
}

export const attacks = ['again', 'overlap', 'badsum', 'outside'] as const;

export interface Struck {
  readonly attack: string;
  readonly from: 'anna' | 'ben';
  /** The text that came. */
  readonly text: string;
}

/** Every attack in both directions (disturbance.ts): what the receiver got. */
export async function strike({ anna, ben }: Cast): Promise<Struck[]> {
  const struck: Struck[] = [];
  for (const attack of attacks) {
    for (const from of ['anna', 'ben'] as const) {
      const [sender, receiver] = from === 'anna' ? [anna, ben] : [ben, anna];
      const end = `~${attack}~ from ${from}.`;
      await sender.say(receiver, `some ${harmlessWord} ${end}`);
      const whole = await receiver.hears(end);
      const text = whole.slice(whole.lastIndexOf('some '), whole.indexOf(end) + end.length);
      await receiver.say(sender, `got ${end}`);
      await sender.hears(`got ${end}`);
      struck.push({ attack, from, text });
    }
  }
  return struck;
}
