/** A whole XML document in octets that are all there, and finding elements in it by local name. */
import type { XmlElement } from './xml-element.ts';
import { XmlNamespaces } from './xml-namespaces.ts';
import { XmlTreeBuilder } from './xml-tree.ts';

/** The root element, or undefined where the octets are no well-formed document in UTF-8. */
export function xmlDocument(
  buffer: Uint8Array,
  start: number,
  end: number,
): XmlElement | undefined {
  return new XmlTreeBuilder().build(buffer, start, end, new XmlNamespaces());
}

/** The first child of that name, whatever its namespace. */
export function childNamed(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Trimmed text of the first child of that name; undefined when empty or missing. */
export function textNamed(element: XmlElement | undefined, name: string): string | undefined {
  return childNamed(element, name)?.text().trim() || undefined;
}

/** All elements of that name below (and including) the root, in order, at most `limit`. */
export function allNamed(root: XmlElement, name: string, limit: number): XmlElement[] {
  const found: XmlElement[] = [];
  const open = [root];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    if (element.name === name) found.push(element);
    if (found.length >= limit) break;
    for (let i = element.children.length - 1; i >= 0; i--) {
      const child = element.children[i];
      if (child !== undefined) open.push(child);
    }
  }
  return found;
}
