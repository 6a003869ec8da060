/** Where the values of a YAML text stand: a tree of the shape of the value, of offsets in UTF-16 units. */
import type { Path } from './yaml-source.ts';

/** A scalar's is its offset alone: there are many. */
export type Mark = number | SeqMark | MapMark;

export interface SeqMark {
  readonly at: number;
  readonly items: readonly Mark[];
}

export interface MapMark {
  readonly at: number;
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  readonly key: number;
  readonly mark: Mark;
}

/** Offsets of the last key of a path and of its value; of what encloses them where they are absent. */
export function findMark(root: Mark, path: Path): { key: number; value: number } {
  let mark = root;
  let key = 0;
  let value = startOf(root);
  for (const step of path) {
    if (typeof mark === 'number') break;
    if ('items' in mark) {
      const item = mark.items[Number(step)];
      if (item === undefined) break;
      mark = item;
      value = startOf(item);
      key = value;
    } else {
      const member = mark.members.get(String(step));
      if (member === undefined) break;
      mark = member.mark;
      key = member.key;
      value = startOf(mark);
    }
  }
  return { key, value };
}

function startOf(mark: Mark): number {
  return typeof mark === 'number' ? mark : mark.at;
}
