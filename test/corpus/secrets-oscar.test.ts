/** Passwords, their digests, keys and cookies of the real AIM and ICQ captures stand in no event. */
import { describe, expect, test } from 'vitest';
import { FlapFramer, type FlapListener, likelyFlapHead } from '../../parsers/framing/flap.ts';
import { TlvWalk } from '../../parsers/oscar/tlv.ts';
import { u16be } from '../../src/bytes/read.ts';
import { needs } from '../support/need.ts';
import { type Conversation, oscarCaptures, oscarOf } from './oscar-conversations.ts';

const need = needs({ corpus: true });
const SIGN_ON = 1;
const SIGN_OFF = 4;
/** Octets before the TLVs of SNACs that hold secrets. */
const BODIES: Readonly<Record<number, number>> = {
  1702: 10,
  1703: 10,
  105: 10,
};
/** Password (roasted), cookie, MD5 of the password. */
const SECRET: ReadonlySet<number> = new Set([0x02, 0x06, 0x25]);
const SHORTEST = 4; // octets

/** Values of secret TLVs of one direction. */
class Secrets implements FlapListener {
  readonly found: Uint8Array[] = [];
  readonly likely = likelyFlapHead;
  lost(): void {}
  frame(buffer: Uint8Array, start: number, end: number): void {
    const channel = buffer[start + 1] ?? 0;
    const body = start + 6;
    if (channel === SIGN_ON) this.#take(buffer, body + 4, end);
    else if (channel === SIGN_OFF) this.#take(buffer, body, end);
    else {
      const label = Number(
        `${u16be(buffer, body).toString(16)}${u16be(buffer, body + 2)
          .toString(16)
          .padStart(2, '0')}`,
      );
      const at = BODIES[label];
      if (at !== undefined) this.#take(buffer, body + at, end);
      // The key: u16 length · octets.
      if (label === 1707) this.found.push(buffer.slice(body + 12, end));
    }
  }
  #take(buffer: Uint8Array, start: number, end: number): void {
    const tlvs = new TlvWalk();
    for (tlvs.over(buffer, start, end); tlvs.next(); ) {
      if (SECRET.has(tlvs.type) && tlvs.length >= SHORTEST) {
        this.found.push(buffer.slice(tlvs.start, tlvs.end));
      }
    }
  }
}

function secretsOf({ turns }: Conversation): Uint8Array[] {
  const secrets = new Secrets();
  const framers = [new FlapFramer(true), new FlapFramer(true)] as const;
  for (const { direction, wire } of turns) framers[direction].push(wire, secrets);
  return secrets.found;
}

/** Beginnings of a secret as an event might have them. */
function formsOf(secret: Uint8Array): string[] {
  const part = Buffer.from(secret.subarray(0, 12));
  const latin = part.toString('latin1');
  return [
    part.toString('hex'),
    part.toString('base64').replace(/=+$/, '').slice(0, -1),
    latin,
    JSON.stringify(latin).slice(1, -1),
  ];
}

describe.skipIf(need.skip)(`no secret in an event${need.why}`, () => {
  test.each(need.skip ? [] : oscarCaptures())('%s', async (capture) => {
    const { conversations, events } = await oscarOf(capture);
    const said = events.map((event) => JSON.stringify(event)).join('\n');
    const secrets = conversations.flatMap(secretsOf);
    if (capture.startsWith('recorded/')) expect(secrets.length).toBeGreaterThan(5);
    for (const form of secrets.flatMap(formsOf)) expect(said.includes(form), form).toBe(false);
  });
});
