/** The condition of a stanza error (RFC 6120 §8.3): its defined name, without the text. */
import type { XmlElement } from '../framing/xml-element.ts';
import { Ns } from './namespaces.ts';

/** `forbidden`, `item-not-found`, …; the old numeric code where there is no name. */
export function errorCondition(stanza: XmlElement): string | undefined {
  const error = stanza.children.find((c) => c.name === 'error');
  if (error === undefined) return undefined;
  for (const c of error.children)
    if (c.namespace === Ns.StanzaErrors && c.name !== 'text') return c.name;
  return error.attribute('code') || undefined;
}
