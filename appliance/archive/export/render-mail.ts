/**
 * A composed message as text, at once: the same octets as nodemailer's streams give, at a fraction of their cost,
 * which is what most days of a conversation need. Long texts and attachments stay with the streams.
 */
import * as base64 from 'nodemailer/lib/base64';
import type MimeNode from 'nodemailer/lib/mime-node';
import * as quotedPrintable from 'nodemailer/lib/qp';

/** Characters of a part: nodemailer's encoder works in pieces of 64 KiB, and a character has at most 3 octets. */
const LONGEST = 21_845;
/** An encoder treats white space before the end of a text by itself. */
const WHITE_END = /[ \t]$/;
const LINE_FEED = /(?<!\r)\n/g;

/** undefined: a part is no short text. Lines end with CR LF. */
export function renderMail(message: MimeNode): string | undefined {
  const text = rendered(message);
  if (text === undefined) return undefined;
  const whole = text.endsWith('\n') ? text : `${text}\r\n`;
  return whole.replace(LINE_FEED, '\r\n');
}

function rendered(node: MimeNode): string | undefined {
  const { content, childNodes } = node;
  if (content !== undefined && !isShort(content)) return undefined;
  // Before the headers, which it is written in.
  const encoding = node.getTransferEncoding();
  const head = `${node.buildHeaders()}\r\n\r\n`;
  const body = typeof content === 'string' ? encoded(content, encoding) : '';
  if (!node.multipart) return head + body;
  const parts: string[] = [];
  for (const child of childNodes) {
    const part = rendered(child);
    if (part === undefined) return undefined;
    parts.push(`--${node.boundary}\r\n${part}`);
  }
  return `${head}${body}${parts.join('\r\n')}\r\n--${node.boundary}--\r\n`;
}

function isShort(content: unknown): content is string {
  return typeof content === 'string' && content.length <= LONGEST && !WHITE_END.test(content);
}

function encoded(content: string, encoding: string | false): string {
  if (encoding === 'quoted-printable') {
    return quotedPrintable.wrap(quotedPrintable.encode(content), LINE_OCTETS);
  }
  if (encoding === 'base64') return base64.wrap(base64.encode(content), LINE_OCTETS);
  return content;
}

/** RFC 2045 §6.7, §6.8. */
const LINE_OCTETS = 76;
