/** Status words (dossier §5): the lowest octet is the state, most of them with and without description. */
const STATES: ReadonlyMap<number, string> = new Map([
  [0x01, 'unavailable'],
  [0x15, 'unavailable'],
  [0x02, 'available'],
  [0x04, 'available'],
  [0x03, 'busy'],
  [0x05, 'busy'],
  [0x06, 'blocked'],
  [0x14, 'invisible'],
  [0x16, 'invisible'],
  [0x17, 'free-for-chat'],
  [0x18, 'free-for-chat'],
  [0x21, 'dnd'],
  [0x22, 'dnd'],
]);
const GG_PLUS = 0x20;
const NOT_SET = 0x23;
const UNKNOWN = 0x25;

/** Undefined for a state that says nothing, or that nobody knows. */
export function stateOf(status: number): string | undefined {
  return STATES.get(status & 0xff);
}

export function isUnavailable(status: number): boolean {
  return stateOf(status) === 'unavailable';
}

/** Variants with a description, of versions before 8.0, where it follows only then. */
export function hasDescription(state: number): boolean {
  return (
    state === 0x04 ||
    state === 0x05 ||
    state === 0x15 ||
    state === 0x16 ||
    state === 0x18 ||
    state === 0x22
  );
}

/** For the probe: a word whose state is one, with nothing in its highest octet. */
export function isStatus(word: number): boolean {
  const state = word & 0xff;
  const known = STATES.has(state) || state === GG_PLUS || state === NOT_SET || state === UNKNOWN;
  return known && word >>> 24 === 0;
}
