/**
 * The text of a message: the body without a language, else the first; where there is none, the
 * XHTML as plain text. A client may show any of the others (another language, the XHTML), so what
 * differs stands in `markup`, which rules read like the text, and is named as an anomaly.
 */
import type { XmlElement } from '../framing/xml-element.ts';
import { Ns } from './namespaces.ts';
import { plainText } from './xhtml.ts';

export interface MessageText {
  readonly text: string | undefined;
  readonly markup: string | undefined;
  /** The bodies do not say the same. */
  readonly differ: boolean;
  /** The element whose content is `text`, octet for octet, and nothing else shows it. */
  readonly verbatim: XmlElement | undefined;
}

const NONE: MessageText = {
  text: undefined,
  markup: undefined,
  differ: false,
  verbatim: undefined,
};

export function messageText(message: XmlElement): MessageText {
  let chosen: XmlElement | undefined;
  let others: XmlElement[] | undefined;
  let plain = false;
  for (const c of message.children) {
    if (c.name !== 'body' || c.namespace !== message.namespace) continue;
    const neutral = !c.has('lang', Ns.Xml);
    if (chosen === undefined) {
      chosen = c;
      plain = neutral;
    } else {
      others ??= [];
      others.push(neutral && !plain ? chosen : c);
      if (neutral && !plain) chosen = c;
      plain ||= neutral;
    }
  }
  // Link-local clients of old write it without XEP-0071, in XHTML's own namespace.
  const root = message.child('html', Ns.XhtmlIm) ?? message.child('html', Ns.Xhtml);
  const html = root?.child('body', Ns.Xhtml);
  if (chosen === undefined && html === undefined) return NONE;
  return put(chosen, others ?? [], html);
}

function put(
  chosen: XmlElement | undefined,
  others: readonly XmlElement[],
  html: XmlElement | undefined,
): MessageText {
  const shown = html === undefined ? undefined : plainText(html);
  const text = chosen?.text() || shown || undefined;
  const texts = others.map((o) => o.text()).filter((t) => t !== '' && t !== text);
  const htmlDiffers = shown !== undefined && squeeze(shown) !== squeeze(text ?? '');
  const parts = html === undefined ? texts : [html.source().trim(), ...texts];
  const alone = parts.length === 0 && chosen?.verbatim === true && text !== undefined;
  return {
    text,
    markup: parts.join('\n') || undefined,
    differ: texts.length > 0 || htmlDiffers,
    verbatim: alone ? chosen : undefined,
  };
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
