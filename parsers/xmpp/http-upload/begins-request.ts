/** The first octets of a request that may be for a file, or ask about one. */
import { ascii } from '../../../src/bytes/text.ts';

const METHODS = ['PUT ', 'GET ', 'HEAD ', 'OPTIONS '].map((word) => ascii(word));
const TARGETS = ['/', 'http://'].map((word) => ascii(word));

export function beginsRequest(octets: Uint8Array): boolean {
  return METHODS.some(
    (method) =>
      agrees(octets, 0, method) && TARGETS.some((target) => agrees(octets, method.length, target)),
  );
}

/** Spells `word` as far as it goes. */
function agrees(octets: Uint8Array, at: number, word: Uint8Array): boolean {
  const most = Math.min(word.length, octets.length - at);
  for (let i = 0; i < most; i++) if (octets[at + i] !== word[i]) return false;
  return true;
}
