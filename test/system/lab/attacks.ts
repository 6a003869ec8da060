/** Segments cut at every octet, and segments that say something else when they come again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cast, Party } from './cast.ts';
import { forbidden } from './policy.ts';
import { harmlessWord, LATER } from './stations/disturbance.ts';

/**
 * Says a forbidden and an allowed text, each cut in two after `where` octets, for every `where` up to
 * `longest` in steps. Every allowed text must come; how many of the forbidden ones came.
 */
export async function cutEverywhere(
  from: Party,
  to: Party,
  longest: number,
  step: number,
  first = 1,
): Promise<number> {
  let arrived = 0;
  for (let where = first; where <= longest; where += step) {
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
  /** The text that came; undefined: none did, but what was said next. */
  readonly text: string | undefined;
}

/** Every attack in both directions (disturbance.ts): what the receiver got. */
export async function strike({ anna, ben }: Cast): Promise<Struck[]> {
  const struck: Struck[] = [];
  for (const attack of attacks) {
    for (const from of ['anna', 'ben'] as const) {
      const [sender, receiver] = from === 'anna' ? [anna, ben] : [ben, anna];
      const end = `~${attack}~ from ${from}.`;
      await sender.say(receiver, `some ${harmlessWord} ${end}`);
      // Said once the attack is over: it comes after what the attack was about, if that comes at all.
      await sleep(2 * LATER);
      await sender.say(receiver, `and ${attack} is over`);
      await receiver.hears(`and ${attack} is over`);
      const text = (await receiver.heard(end)) ? textOf(await receiver.hears(end), end) : undefined;
      struck.push({ attack, from, text });
    }
  }
  return struck;
}

function textOf(line: string, end: string): string {
  return line.slice(line.lastIndexOf('some '), line.indexOf(end) + end.length);
}
