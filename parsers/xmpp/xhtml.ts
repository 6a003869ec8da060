/** XHTML-IM (XEP-0071) as plain text: what a reader would see, without the markup. */
import type { XmlElement } from '../framing/xml-element.ts';
import { characterData } from '../framing/xml-text.ts';

const LINES: ReadonlySet<string> = new Set([
  'br',
  'p',
  'div',
  'li',
  'blockquote',
  'pre',
  'tr',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
]);

interface Place {
  readonly element: XmlElement;
  child: number;
  at: number;
}

/** Depth is bounded by the scanner; a loop all the same. */
export function plainText(body: XmlElement): string {
  const places: Place[] = [{ element: body, child: 0, at: body.contentStart }];
  let text = '';
  for (let place = places.at(-1); place !== undefined; place = places.at(-1)) {
    const { element } = place;
    const child = element.children[place.child];
    const until = child?.start ?? element.contentEnd;
    if (until > place.at) text += characterData(element.buffer, place.at, until);
    if (child === undefined) {
      places.pop();
      if (LINES.has(element.name)) text += '\n';
    } else {
      place.child += 1;
      place.at = child.end;
      if (child.name === 'img') text += child.attribute('alt') ?? '';
      if (child.name === 'br') text += '\n';
      else places.push({ element: child, child: 0, at: child.contentStart });
    }
  }
  return text.trim();
}

/** Every element below, the root's children first. */
export function* descendants(root: XmlElement): Generator<XmlElement> {
  const waiting: XmlElement[] = [...root.children];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    yield element;
    for (const child of element.children) waiting.push(child);
  }
}
