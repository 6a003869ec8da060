/**
 * Is it TOC? A client greets with FLAPON. Picked up in the middle, a frame that holds a command of TOC is
 * the evidence, and tells client from server. The server's greeting is OSCAR's too, and says nothing.
 */
import { u16be } from '../../src/bytes/read.ts';
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { FLAP_HEAD } from '../framing/flap.ts';

/** Octets: a greeting, or the server's greeting and the first command behind it. */
export const TOC_PROBE_LIMIT = 256;

const STAR = 0x2a;
const DATA = 2;
const SIGN_ON = 1;
/** Line ends of any kind and number follow. */
const GREETINGS = [ascii('FLAPON\r'), ascii('FLAPON\n')];
const OF_CLIENT = [ascii('toc_'), ascii('toc2_')];
const OF_SERVER = [
  ascii('IM_IN'),
  ascii('UPDATE_BUDDY'),
  ascii('CHAT_IN'),
  ascii('CHAT_UPDATE_BUDDY:'),
  ascii('CHAT_JOIN:'),
  ascii('CLIENT_EVENT2:'),
  ascii('RVOUS_PROPOSE:'),
  ascii('SIGN_ON:TOC'),
];

export function probeToc(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const [first] = octets;
  if (first === undefined) return Probe.More;
  const toServer = direction === Direction.ToServer;
  if (first === STAR) return toServer && !midstream ? Probe.No : frames(toServer, octets);
  return toServer && first === GREETINGS[0]?.[0] ? greeting(octets) : Probe.No;
}

function greeting(octets: Uint8Array): Probe {
  let answer: Probe = Probe.No;
  for (const greeting of GREETINGS) {
    if (startsWith(octets, 0, greeting)) return Probe.Yes;
    if (octets.length < greeting.length && begins(octets, 0, greeting)) answer = Probe.More;
  }
  return answer;
}

function frames(toServer: boolean, octets: Uint8Array): Probe {
  let at = 0;
  while (at + FLAP_HEAD <= octets.length) {
    if (octets[at] !== STAR) return Probe.No;
    const channel = octets[at + 1];
    const body = at + FLAP_HEAD;
    if (channel === DATA) return command(toServer, octets, body);
    if (channel !== SIGN_ON && channel !== 5) return Probe.No;
    at = body + u16be(octets, at + 4);
  }
  return Probe.More;
}

function command(toServer: boolean, octets: Uint8Array, body: number): Probe {
  let answer: Probe = Probe.No;
  for (const word of toServer ? OF_CLIENT : OF_SERVER) {
    if (startsWith(octets, body, word)) return Probe.Yes;
    if (octets.length - body < word.length && begins(octets, body, word)) answer = Probe.More;
  }
  // Other commands of the server are no evidence, and no objection where words begin so.
  const c = octets[body] ?? 0;
  return answer === Probe.No && !toServer && c >= 0x41 && c <= 0x5a ? Probe.More : answer;
}

/** Whether what is there from `at` on is the beginning of `word`. */
function begins(octets: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = at; i < octets.length; i++) if (octets[i] !== word[i - at]) return false;
  return true;
}
