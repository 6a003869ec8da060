/** Base64 inside an element, read in place where it stands as it is. */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { ascii, utf8 } from '../../src/bytes/text.ts';
import type { XmlElement } from '../framing/xml-element.ts';

/** The octets, or undefined when it is not base64. SASL writes '=' for none (RFC 6120 §6.4.2). */
export function base64Content(element: XmlElement): Uint8Array | undefined {
  if (element.verbatim) {
    return decodeBase64(element.buffer, element.contentStart, element.contentEnd);
  }
  const octets = ascii(element.text());
  return decodeBase64(octets, 0, octets.length);
}

/** The same as UTF-8 text. */
export function base64Text(element: XmlElement): string | undefined {
  const octets = base64Content(element);
  return octets === undefined ? undefined : utf8(octets, 0, octets.length);
}

/** A base64 digest as lower-case hex; undefined when it is not one of that many octets. */
export function base64ToHex(text: string, length: number): string | undefined {
  const octets = ascii(text);
  const digest = decodeBase64(octets, 0, octets.length);
  if (digest === undefined || digest.length !== length) return undefined;
  let hex = '';
  for (const octet of digest) hex += octet.toString(16).padStart(2, '0');
  return hex;
}
