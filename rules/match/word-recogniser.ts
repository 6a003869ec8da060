/** All words and literals of all rules, found in one pass over a text. */
import type { Steps } from '../steps.ts';
import { Automaton, Boundary } from '../words/automaton.ts';
import { Folded } from '../words/fold.ts';
import { ClosedUp } from '../words/spaced.ts';
import { LONGEST_WORD, wordForms } from '../words/word.ts';
import type { Hits } from './hits.ts';
import type { Values } from './parties.ts';

/** Words of lists, and literals that other conditions need. */
export class WordRecogniser {
  readonly #automaton = new Automaton();
  /** Entries by word of the automaton: the forms of one entry count as one. */
  readonly #entriesOf: number[][] = [];
  readonly #groupOf: number[] = []; // per entry
  readonly #nameOf: string[] = []; // per entry
  readonly #isWord: boolean[] = []; // per entry; literals are not looked for in spaced-out letters
  #marks = new Uint32Array(0); // per entry
  #round = 0;
  readonly #folded = new Folded();
  readonly #closed = new ClosedUp();
  #hits: Hits | undefined;

  addWord(entry: string, group: number): void {
    const id = this.#entry(entry, group, true);
    for (const { folded, boundary } of wordForms(entry)) this.#link(folded, boundary, id);
  }

  /** A literal that stands anywhere; `folded` is not empty. */
  addLiteral(folded: string, group: number): void {
    this.#link(folded, Boundary.None, this.#entry(folded, group, false));
  }

  /** Makes room for one more word, or for a literal of so many units. */
  room(units = 2 * LONGEST_WORD): Steps<void> {
    return this.#automaton.room(units);
  }

  *building(): Steps<void> {
    yield* this.#automaton.building();
    this.#marks = new Uint32Array(this.#groupOf.length);
  }

  get size(): number {
    return this.#automaton.size;
  }

  /** An entry counts once, in however many of the texts it stands. */
  recognise(texts: Values, hits: Hits): void {
    if (texts === undefined || this.#automaton.size === 0) return;
    this.#hits = hits;
    this.#round++;
    if (typeof texts === 'string') this.#search(texts);
    else for (const text of texts) this.#search(text);
    this.#folded.trim();
    this.#closed.trim();
    this.#hits = undefined;
  }

  #search(text: string): void {
    this.#folded.fold(text);
    const { units, length } = this.#folded;
    this.#automaton.search(units, length, this.#hit);
    const closed = this.#closed;
    if (closed.closeUp(units, length)) {
      this.#automaton.search(closed.units, closed.length, this.#hitSpaced, closed.inRun);
    }
  }

  /** Where entries of `group` stand in `text`, at most `most`; ranges of the original text. */
  find(text: string, group: number, most: number): { start: number; end: number; word: string }[] {
    const found = new Map<string, { start: number; end: number; word: string }>();
    const folded = this.#folded;
    folded.fold(text, true);
    const { units, length, origins } = folded;
    const add = (id: number, first: number, last: number, spaced: boolean) => {
      if (found.size >= most) return;
      for (const entry of this.#entriesOf[id] ?? []) {
        if (this.#groupOf[entry] !== group || (spaced && !this.#isWord[entry])) continue;
        const end = last + 1 < length ? (origins[last + 1] ?? text.length) : text.length;
        const start = origins[first] ?? 0;
        found.set(`${start} ${entry}`, {
          start,
          end: trimEnd(text, start, end),
          word: this.#nameOf[entry] ?? '',
        });
      }
    };
    this.#automaton.search(units, length, (id, start, end) => add(id, start, end - 1, false));
    const closed = this.#closed;
    if (closed.closeUp(units, length)) {
      const places = closed.origins;
      const addClosed = (id: number, start: number, end: number) =>
        add(id, places[start] ?? 0, places[end - 1] ?? 0, true);
      this.#automaton.search(closed.units, closed.length, addClosed, closed.inRun);
    }
    folded.trim();
    return [...found.values()].sort((a, b) => a.start - b.start || b.end - a.end);
  }

  readonly #hit = (id: number): void => this.#count(id, false);
  readonly #hitSpaced = (id: number): void => this.#count(id, true);

  #count(id: number, spaced: boolean): void {
    const entries = this.#entriesOf[id];
    if (entries === undefined || this.#hits === undefined) return;
    for (const entry of entries) {
      if (this.#marks[entry] === this.#round || (spaced && !this.#isWord[entry])) continue;
      this.#marks[entry] = this.#round;
      this.#hits.value();
      this.#hits.hit(this.#groupOf[entry] ?? 0);
    }
  }

  #entry(name: string, group: number, isWord: boolean): number {
    this.#isWord.push(isWord);
    this.#groupOf.push(group);
    this.#nameOf.push(name);
    return this.#groupOf.length - 1;
  }

  #link(folded: string, boundary: Boundary, entry: number): void {
    const id = this.#automaton.add(folded, boundary);
    const known = this.#entriesOf[id];
    if (known === undefined) this.#entriesOf[id] = [entry];
    else if (known.at(-1) !== entry) known.push(entry);
  }
}

/** White space after a word belongs to the text around it. */
function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start + 1 && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}
