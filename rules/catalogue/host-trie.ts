/** Names by suffix: a tree of labels from the right. A lookup takes a substring a label and nothing else. */
import type { ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import { addClaim, type Claim, claimAt } from './claim.ts';
import { isGlob, LONGEST_NAME, labelMatcher } from './host-pattern.ts';

interface Node {
  /** Labels from the root. */
  readonly depth: number;
  children: Map<string, Node> | undefined;
  globs: {
    readonly label: string;
    readonly fits: (label: string) => boolean;
    readonly node: Node;
  }[];
  /** Of this name and all below. */
  suffix: Claim[] | undefined;
  /** Of this name alone. */
  exact: Claim[] | undefined;
}

export class HostTrie {
  readonly #root = nodeAt(0);
  /** Of the lookup at hand. */
  #best: ServiceMatch | undefined;
  #depth = 0;

  /** `pattern` is one that hostPatternFault lets pass. */
  add(pattern: string, whole: boolean, claim: Claim): void {
    let node = this.#root;
    for (const label of pattern.split('.').reverse()) node = below(node, label);
    if (whole) {
      node.exact ??= [];
      addClaim(node.exact, claim);
    } else {
      node.suffix ??= [];
      addClaim(node.suffix, claim);
    }
  }

  /** The claim with the most labels; of as many, the whole name before the suffix, and the literal one before a glob. */
  find(host: string, port: number): ServiceMatch | undefined {
    if (host.length > LONGEST_NAME) return undefined;
    this.#best = undefined;
    this.#depth = 0;
    this.#walk(this.#root, host, host.length, port);
    return this.#best;
  }

  /** `end`: where the labels end that are not walked yet; negative: all are. */
  #walk(node: Node, host: string, end: number, port: number): void {
    if (node.depth > this.#depth) {
      const match =
        (end < 0 ? claimAt(node.exact, port, undefined) : undefined) ??
        claimAt(node.suffix, port, undefined);
      if (match !== undefined) {
        this.#best = match;
        this.#depth = node.depth;
      }
    }
    if (end < 0 || (node.children === undefined && node.globs.length === 0)) return;
    const dot = end === 0 ? -1 : host.lastIndexOf('.', end - 1);
    const label = host.slice(dot + 1, end);
    const child = node.children?.get(label);
    if (child !== undefined) this.#walk(child, host, dot, port);
    for (const glob of node.globs) {
      if (glob.fits(label)) this.#walk(glob.node, host, dot, port);
    }
  }
}

function below(node: Node, label: string): Node {
  if (isGlob(label)) {
    const known = node.globs.find((glob) => glob.label === label);
    if (known !== undefined) return known.node;
    const glob = { label, fits: labelMatcher(label), node: nodeAt(node.depth + 1) };
    node.globs.push(glob);
    return glob.node;
  }
  node.children ??= new Map();
  let child = node.children.get(label);
  if (child === undefined) {
    child = nodeAt(node.depth + 1);
    node.children.set(label, child);
  }
  return child;
}

function nodeAt(depth: number): Node {
  return { depth, children: undefined, globs: [], suffix: undefined, exact: undefined };
}
