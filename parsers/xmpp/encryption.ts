/** End-to-end encrypted bodies: how they are known. What is readable beside them is a notice. */
import type { XmlElement } from '../framing/xml-element.ts';
import { Ns } from './namespaces.ts';

const HINTS: Readonly<Record<string, string>> = {
  [Ns.Omemo]: 'omemo',
  [Ns.Pgp]: 'pgp',
  [Ns.OpenPgp]: 'openpgp',
  'urn:xmpp:otr:0': 'otr',
};

/** The method, or undefined. An OMEMO element without payload carries keys, not a message. */
export function encryptionOf(message: XmlElement, text: string | undefined): string | undefined {
  for (const c of message.children) {
    const omemo = c.namespace === Ns.Omemo || c.namespace.startsWith(Ns.OmemoPrefix);
    if (omemo && c.name === 'encrypted') {
      if (text !== undefined || c.child('payload') !== undefined) return 'omemo';
    } else if (c.is('x', Ns.Pgp)) return 'pgp';
    else if (c.is('openpgp', Ns.OpenPgp)) return 'openpgp';
    else if (c.is('encrypted', Ns.EncryptedSharing)) return 'esfs';
  }
  if (text === undefined) return undefined;
  if (text.startsWith('?OTR')) return 'otr'; // "?OTR:" data, "?OTRv23?" query, "?OTR?" old query
  if (text.startsWith('-----BEGIN PGP MESSAGE-----')) return 'pgp';
  const hint = message.child('encryption', Ns.EncryptionHint)?.attribute('namespace');
  return hint === undefined ? undefined : (hintName(hint) ?? hint);
}

function hintName(namespace: string): string | undefined {
  if (namespace.startsWith(Ns.OmemoPrefix)) return 'omemo';
  return Object.hasOwn(HINTS, namespace) ? HINTS[namespace] : undefined;
}
