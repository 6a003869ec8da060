/**
 * The file in a Jingle description (XEP-0234): child elements in versions 3 to 5, attributes of a
 * stream-initiation file in version 1.
 */
import type { XmlElement } from '../framing/xml-element.ts';
import { base64ToHex } from './base64-text.ts';
import { fileSize } from './file-size.ts';
import { Ns } from './namespaces.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

const SHA256_OCTETS = 32;

export interface DescribedFile {
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly mime: string | undefined;
  readonly sha256: string | undefined;
  readonly requested: boolean;
  /** Words about the file. */
  readonly description: string | undefined;
}

export function describedFile(
  session: XmppSession,
  stanza: Stanza,
  description: XmlElement,
): DescribedFile {
  const offer = description.child('offer') ?? description.child('request');
  const file = (offer ?? description).children.find((c) => c.name === 'file');
  const size = file?.attribute('size') ?? file?.childText('size');
  return {
    name: file?.attribute('name') || file?.childText('name'),
    size: fileSize(session, stanza, size),
    mime: file?.childText('media-type'),
    sha256: file === undefined ? undefined : announcedSha256(file),
    requested: offer?.name === 'request',
    description: file?.childText('desc'),
  };
}

/** XEP-0300: `hash` in base64, version 1 of it and earlier in hex. */
export function announcedSha256(file: XmlElement): string | undefined {
  for (const c of file.children) {
    if (c.name !== 'hash' || !c.namespace.startsWith(Ns.Hashes)) continue;
    if (c.attribute('algo') !== 'sha-256') continue;
    const text = c.text().trim();
    if (/^[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
    return base64ToHex(text, SHA256_OCTETS);
  }
  return undefined;
}
