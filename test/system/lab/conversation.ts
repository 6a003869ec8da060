/** One conversation through the box, and what came of it: over the kernel's bridge all of it is true. */
import { workbook } from '../../record/scenes/documents.ts';
import type { Cast, Party } from './cast.ts';
import { allowedFile, forbidden, forbiddenFile } from './policy.ts';

export interface Outcome {
  /** By direction: what Anna (behind the box) said, and what was said to her. */
  readonly sent: Exchange;
  readonly received: Exchange;
  readonly strangersMessage: boolean;
  readonly strangersRequest: boolean;
  /** Of files that Anna offers, and that are offered to her. */
  readonly filesSent: Files;
  readonly filesReceived: Files;
  /** Somebody saw an error, or lost the connection. */
  readonly trouble: boolean;
}

interface Exchange {
  readonly allowed: boolean;
  readonly forbidden: boolean;
  readonly next: boolean;
}

interface Files {
  readonly allowedOffer: boolean;
  readonly allowedContent: boolean;
  readonly forbiddenOffer: boolean;
  readonly forbiddenOpens: boolean;
}

export async function converse(cast: Cast): Promise<Outcome> {
  const { anna, ben, stranger } = cast;
  const sent = await exchange(anna, ben);
  const received = await exchange(ben, anna);
  await stranger.say(anna, 'you do not know me');
  await cast.request?.send();
  await inOrder(stranger, ben);
  await inOrder(ben, anna);
  const strangersMessage = await anna.heard('you do not know me');
  const strangersRequest = (await cast.request?.arrived()) ?? false;
  const filesSent = await files(cast, 'anna');
  const filesReceived = await files(cast, 'ben');
  const troubles = await Promise.all([anna, ben, stranger].map((party) => party.troubled()));
  return {
    sent,
    received,
    strangersMessage,
    strangersRequest,
    filesSent,
    filesReceived,
    trouble: troubles.includes(true),
  };
}

let words = 0;

/** What comes after it on the same connections has come: so whatever was sent before has come or never will. */
async function inOrder(from: Party, to: Party): Promise<void> {
  const text = `and then ${++words}.`;
  await from.say(to, text);
  await to.hears(text);
}

async function exchange(from: Party, to: Party): Promise<Exchange> {
  const number = ++words;
  const arrives = async (text: string) => {
    await from.say(to, text);
    await to.hears(text);
    return true;
  };
  const allowed = await arrives(`good morning ${number}.`);
  await from.say(to, `the ${forbidden} ${number}.`);
  const next = await arrives(`see you at lunch ${number}.`);
  return { allowed, forbidden: await to.heard(`${forbidden} ${number}.`), next };
}

async function files(cast: Cast, from: 'anna' | 'ben'): Promise<Files> {
  const [sender, receiver] = from === 'anna' ? [cast.anna, cast.ben] : [cast.ben, cast.anna];
  const content = workbook(20_000);
  const allowed = await cast.offer(from, allowedFile, content.length);
  await inOrder(sender, receiver);
  const allowedOffer = await allowed.arrived();
  const allowedContent = await allowed.carry(content);
  const refused = await cast.offer(from, forbiddenFile, content.length);
  await inOrder(sender, receiver);
  return {
    allowedOffer,
    allowedContent,
    forbiddenOffer: await refused.arrived(),
    forbiddenOpens: await refused.opens(),
  };
}

const everything = { allowed: true, forbidden: true, next: true };
const everyFile = {
  allowedOffer: true,
  allowedContent: true,
  forbiddenOffer: true,
  forbiddenOpens: true,
};

/** Over the kernel's bridge. */
export function unhindered(requests: boolean): Outcome {
  return {
    sent: everything,
    received: everything,
    strangersMessage: true,
    strangersRequest: requests,
    filesSent: everyFile,
    filesReceived: everyFile,
    trouble: false,
  };
}

const enforced = { ...everything, forbidden: false };
const enforcedFile = { ...everyFile, forbiddenOffer: false, forbiddenOpens: false };

/** Over the product, with the lab's policy. */
export const policed: Outcome = {
  sent: enforced,
  received: enforced,
  strangersMessage: false,
  strangersRequest: false,
  filesSent: enforcedFile,
  filesReceived: enforcedFile,
  trouble: false,
};
