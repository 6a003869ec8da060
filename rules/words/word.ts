/**
 * A word of a list as the automaton looks for it. `falcon` is found as a whole word; `harass*`
 * also as the beginning of one, `*port` as the end; `project falcon` also written in one.
 */
import { Boundary } from './automaton.ts';
import { fold, isWordUnit } from './fold.ts';

/** Folded units of one word: bounds the work at one place of a text. */
export const LONGEST_WORD = 200;

export interface WordForm {
  readonly folded: string;
  readonly boundary: Boundary;
}

/** The forms to look for; none when nothing but marks and white space is left. */
export function wordForms(entry: string): readonly WordForm[] {
  const openLeft = entry.startsWith('*');
  const openRight = entry.endsWith('*');
  const inner = entry.slice(openLeft ? 1 : 0, openRight ? -1 : undefined);
  const folded = fold(inner).trim();
  if (folded === '' || folded.length > LONGEST_WORD) return [];
  const begins = !openLeft && isWordUnit(folded.charCodeAt(0));
  const ends = !openRight && isWordUnit(folded.charCodeAt(folded.length - 1));
  const boundary = boundaryOf(begins, ends);
  const forms = [{ folded, boundary }];
  const closed = folded.replaceAll(' ', '');
  if (closed !== folded) forms.push({ folded: closed, boundary });
  return forms;
}

function boundaryOf(begins: boolean, ends: boolean): Boundary {
  if (begins) return ends ? Boundary.Both : Boundary.Begin;
  return ends ? Boundary.End : Boundary.None;
}
