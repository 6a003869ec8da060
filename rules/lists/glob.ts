/** Globs: `*` is any run of characters, `?` any one. Linear in the text for each `*`. */
import type { Steps } from '../steps.ts';
import { Trie } from '../words/trie.ts';

/** Whether the whole `text` fits `glob`. */
export function globMatches(glob: string, text: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const c = glob.charCodeAt(g);
    if (c === STAR) {
      star = g++;
      resume = t;
    } else if (g < glob.length && (c === ANY_ONE || c === text.charCodeAt(t))) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++resume;
    } else return false;
  }
  while (glob.charCodeAt(g) === STAR) g++;
  return g === glob.length;
}

const STAR = 0x2a;
const ANY_ONE = 0x3f;

interface Entry {
  readonly glob: string;
  readonly id: number;
  /** The glob is its fixed part and one star: nothing is left to verify. */
  readonly simple: boolean;
}

/** Many globs at once, found by their fixed beginning or end in a trie. */
export class GlobIndex {
  readonly #heads = new Trie();
  readonly #tails = new Trie();
  readonly #byHead = new Map<number, Entry[]>();
  readonly #byTail = new Map<number, Entry[]>();
  #longestTail = 0;
  #longestHead = 0;
  size = 0;

  /** Makes room for one more glob. */
  *room(glob: string): Steps<void> {
    yield* this.#heads.room(glob.length);
    yield* this.#tails.room(glob.length);
  }

  add(glob: string, id: number): void {
    this.size++;
    const head = /^[^*?]*/.exec(glob)?.[0] ?? '';
    const tail = head.length === glob.length ? '' : (/[^*?]*$/.exec(glob)?.[0] ?? '');
    const rest = glob.slice(head.length, glob.length - tail.length);
    if (tail.length > head.length) {
      const state = this.#tails.insert(unitsOf(tail).reverse());
      put(this.#byTail, state, { glob, id, simple: rest === '*' && head === '' });
      this.#longestTail = Math.max(this.#longestTail, tail.length);
    } else {
      const state = this.#heads.insert(unitsOf(head));
      put(this.#byHead, state, { glob, id, simple: rest === '*' && tail === '' });
      this.#longestHead = Math.max(this.#longestHead, head.length);
    }
  }

  /** Reports the id of every glob that fits the whole of `text`. */
  match(text: string, hit: (id: number) => void): void {
    let state = 0;
    for (let i = 0; state >= 0; i++) {
      verify(this.#byHead.get(state), text, hit);
      if (i >= text.length || i >= this.#longestHead) break;
      state = this.#heads.step(state, text.charCodeAt(i));
    }
    if (this.#longestTail === 0) return;
    state = 0;
    for (let i = text.length - 1; i >= 0 && text.length - i <= this.#longestTail; i--) {
      state = this.#tails.step(state, text.charCodeAt(i));
      if (state < 0) return;
      verify(this.#byTail.get(state), text, hit);
    }
  }
}

function verify(
  entries: readonly Entry[] | undefined,
  text: string,
  hit: (id: number) => void,
): void {
  if (entries === undefined) return;
  for (const entry of entries) {
    if (entry.simple || globMatches(entry.glob, text)) hit(entry.id);
  }
}

function put(map: Map<number, Entry[]>, state: number, entry: Entry): void {
  const known = map.get(state);
  if (known === undefined) map.set(state, [entry]);
  else known.push(entry);
}

function unitsOf(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}
