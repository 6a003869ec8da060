/**
 * What a body of SIP MESSAGE, MSRP SEND and kin says, by its Content-Type: texts, "is typing", receipts,
 * offers, documents. Wrappers are opened (CPIM, multipart, transfer and content encodings), nested ones
 * too; what is not known is named by its type.
 *
 *   text/*                               a message; html and rtf without their markup
 *   message/cpim                         RFC 3862: own headers, then one MIME entity
 *   multipart/*                          each part; of `alternative` what says the same is said once
 *   application/im-iscomposing+xml       typing (RFC 3994)
 *   message/imdn+xml                     receipt (RFC 5438)
 *   application/vnd.gsma.rcs-ft-http+xml files behind URLs (GSMA RCC.07 §3.2.5)
 *   text/x-msmsgsinvite                  offers of MSN and OCS clients
 *   application/*+xml, application/sdp   left to the caller
 */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { Inflated, InflateStream } from '../../src/bytes/inflate.ts';
import { charsetText, isUtf8Text } from './charset-text.ts';
import { HeaderBlock } from './header-block.ts';
import { htmlText } from './html-text.ts';
import { type BodyItem, BodyOdd } from './im-body-items.ts';
import { imdnItem, rcsFiles, typingItem } from './im-body-xml.ts';
import { type MediaType, mediaType } from './media-type.ts';
import { mimeParts } from './mime-parts.ts';
import { invitationItem } from './msmsgs-invite.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';
import { rtfText } from './rtf-text.ts';
import { nameAddress } from './sip-address.ts';

const DEPTH_LIMIT = 4; // wrappers in wrappers
const ITEMS_LIMIT = 64;
/** Octets that all decoded bodies of one unit may have. */
export const DECODED_LIMIT = 1 << 20;
const INFLATE_LIMITS = { ratio: 100, floor: 64 << 10 };
const CALLERS = /^(?:application\/(?:.*\+xml|sdp)|application\/vnd\.3gpp\.sms)$/;

/** Headers of a CPIM wrapper (the outermost one that has them). */
export interface Envelope {
  from: string | undefined;
  fromName: string | undefined;
  to: string | undefined;
  subject: string | undefined;
  sentAt: string | undefined;
  messageId: string | undefined;
}

export interface BodyHeaders {
  readonly type: string | undefined;
  readonly encoding?: string | undefined;
  readonly transferEncoding?: string | undefined;
  readonly disposition?: string | undefined;
}

export class ImBody {
  readonly items: BodyItem[] = [];
  readonly odd: BodyOdd[] = [];
  envelope: Envelope | undefined = undefined;
  #decoded = 0;

  /** The body at buffer[start, end). Items refer to the buffer, which is lent. */
  read(buffer: Uint8Array, start: number, end: number, headers: BodyHeaders): this {
    this.#entity(buffer, start, end, headers, 0, true);
    return this;
  }

  #entity(
    buffer: Uint8Array,
    start: number,
    end: number,
    headers: BodyHeaders,
    depth: number,
    original: boolean,
  ): void {
    if (this.items.length >= ITEMS_LIMIT || depth > DEPTH_LIMIT) {
      // Said once, by its type: a rule can refuse what is not opened.
      if (!this.odd.includes(BodyOdd.TooDeep)) {
        this.items.push({ kind: 'unknown', type: mediaType(headers.type).type || 'text/plain' });
      }
      this.#note(BodyOdd.TooDeep);
      return;
    }
    const media = mediaType(headers.type);
    const encoded = encodings(headers);
    if (encoded.length > 0) {
      const plain = this.#decode(buffer.subarray(start, end), encoded);
      if (plain === undefined) this.items.push({ kind: 'unknown', type: media.type || 'encoded' });
      else {
        const { type, disposition } = headers;
        this.#entity(plain, 0, plain.length, { type, disposition }, depth, false);
      }
      return;
    }
    this.#typed(buffer, start, end, media, headers, depth, original);
  }

  #typed(
    buffer: Uint8Array,
    start: number,
    end: number,
    media: MediaType,
    headers: BodyHeaders,
    depth: number,
    original: boolean,
  ): void {
    const { type } = media;
    if (type === 'message/cpim') this.#cpim(buffer, start, end, depth, original);
    else if (type.startsWith('multipart/')) {
      this.#multipart(buffer, start, end, media, depth, original);
    } else if (type === 'application/im-iscomposing+xml') {
      this.#push(typingItem(buffer, start, end), type);
    } else if (type === 'message/imdn+xml') this.#push(imdnItem(buffer, start, end), type);
    else if (type === 'application/vnd.gsma.rcs-ft-http+xml') {
      const files = rcsFiles(buffer, start, end);
      if (files.length === 0) this.#push(undefined, type);
      else this.items.push(...files.slice(0, ITEMS_LIMIT - this.items.length));
    } else if (type === 'text/x-msmsgsinvite') {
      this.#push(invitationItem(buffer, start, end), type);
    } else if (type === '' || type.startsWith('text/')) {
      this.items.push(textItem(buffer, start, end, media, original));
    } else if (CALLERS.test(type)) this.items.push({ kind: 'document', type, buffer, start, end });
    else if (/^application\/(?:x-)?pkcs7-mime$|^application\/pgp-encrypted$/.test(type)) {
      this.items.push({ kind: 'encrypted', method: type.includes('pgp') ? 'openpgp' : 'smime' });
    } else if (/^(?:image|audio|video)\/|^application\/octet-stream$/.test(type)) {
      const name = mediaType(headers.disposition).parameters.get('filename');
      const file = { name: name ?? media.parameters.get('name'), size: end - start, mime: type };
      this.items.push({ kind: 'data', ...file });
    } else this.items.push({ kind: 'unknown', type });
  }

  #cpim(buffer: Uint8Array, start: number, end: number, depth: number, original: boolean): void {
    const block = new HeaderBlock();
    const next = block.read(buffer, start, end);
    this.envelope ??= envelopeOf(block);
    if (next === -1) {
      this.#note(BodyOdd.CpimMalformed);
      block.clear();
      // A reader that finds no end of the headers shows them as the text.
      this.items.push(textItem(buffer, start, end, mediaType(undefined), original));
      return;
    }
    this.#mimeEntity(block, buffer, next, end, depth, original);
  }

  #multipart(
    buffer: Uint8Array,
    start: number,
    end: number,
    media: MediaType,
    depth: number,
    original: boolean,
  ): void {
    const boundary = media.parameters.get('boundary') ?? '';
    const parts = mimeParts(buffer, start, end, boundary, ITEMS_LIMIT);
    if (parts.length === 0) {
      this.#note(BodyOdd.MultipartMalformed);
      this.items.push({ kind: 'unknown', type: media.type });
      return;
    }
    const before = this.items.length;
    for (const [from, to] of parts) {
      this.#mimeEntity(new HeaderBlock(), buffer, from, to, depth, original);
    }
    if (media.type === 'multipart/alternative') this.#sayOnce(before);
  }

  /** Headers, an empty line, and content. */
  #mimeEntity(
    block: HeaderBlock,
    buffer: Uint8Array,
    start: number,
    end: number,
    depth: number,
    original: boolean,
  ): void {
    const next = block.read(buffer, start, end);
    const headers: BodyHeaders = {
      type: block.value('content-type'),
      encoding: block.value('content-encoding'),
      transferEncoding: block.value('content-transfer-encoding'),
      disposition: block.value('content-disposition'),
    };
    block.clear();
    this.#entity(buffer, next === -1 ? end : next, end, headers, depth + 1, original);
  }

  /** The richest text stands for all that say the same. */
  #sayOnce(from: number): void {
    const texts = this.items.slice(from).filter((item) => item.kind === 'text');
    const best = texts.findLast((item) => item.markup !== undefined) ?? texts.at(-1);
    if (best === undefined) return;
    const words = squeezed(best.text);
    const others = this.items
      .slice(from)
      .filter((item) => item === best || item.kind !== 'text' || squeezed(item.text) !== words);
    this.items.length = from;
    this.items.push(...others);
  }

  #push(item: BodyItem | undefined, type: string): void {
    this.items.push(item ?? { kind: 'unknown', type });
  }

  #note(odd: BodyOdd): void {
    if (!this.odd.includes(odd)) this.odd.push(odd);
  }

  #decode(octets: Uint8Array, names: readonly string[]): Uint8Array | undefined {
    let plain: Uint8Array | undefined = octets;
    for (const name of names) {
      if (plain === undefined) return undefined;
      if (name === 'base64') plain = decodeBase64(plain, 0, plain.length);
      else if (name === 'quoted-printable') plain = decodeQuotedPrintable(plain, 0, plain.length);
      else if (name === 'gzip' || name === 'x-gzip' || name === 'deflate') {
        plain = this.#inflate(plain);
      } else plain = undefined;
      this.#decoded += plain?.length ?? 0;
      if (this.#decoded > DECODED_LIMIT) plain = undefined;
    }
    if (plain === undefined) this.#note(BodyOdd.EncodingBroken);
    return plain;
  }

  #inflate(octets: Uint8Array): Uint8Array | undefined {
    const parts: Uint8Array[] = [];
    let size = 0;
    const stream = new InflateStream(INFLATE_LIMITS);
    const status = stream.push(octets, (part) => {
      size += part.length;
      if (size <= DECODED_LIMIT) parts.push(part.slice());
    });
    if (status === Inflated.Broken || status === Inflated.Bomb || size > DECODED_LIMIT) {
      return undefined;
    }
    const whole = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** In the order in which they are undone. */
function encodings({ encoding, transferEncoding }: BodyHeaders): string[] {
  const undone = [
    ...(transferEncoding ?? '').split(','),
    ...(encoding ?? '').split(',').reverse(), // the last one applied stands last
  ];
  return undone
    .map((name) => name.trim().toLowerCase())
    .filter((name) => !/^(?:|identity|7bit|8bit|binary)$/.test(name))
    .slice(0, 4);
}

function textItem(
  buffer: Uint8Array,
  start: number,
  end: number,
  media: MediaType,
  original: boolean,
): BodyItem {
  const charset = media.parameters.get('charset');
  const written = charsetText(buffer, start, end, charset);
  if (media.type === 'text/html' || media.type === 'text/rtf') {
    const text = media.type === 'text/html' ? htmlText(written) : rtfText(written);
    const markup = text === written ? undefined : written;
    return { kind: 'text', text, markup, start: -1, end: -1 };
  }
  const stands = original && isUtf8Text(buffer, start, end, charset);
  return {
    kind: 'text',
    text: written,
    markup: undefined,
    start: stands ? start : -1,
    end: stands ? end : -1,
  };
}

function envelopeOf(block: HeaderBlock): Envelope {
  const from = block.value('from');
  const to = block.value('to');
  const sender = from === undefined ? undefined : nameAddress(from);
  const time = block.value('datetime');
  return {
    from: sender?.address,
    fromName: sender?.name,
    to: to === undefined ? undefined : nameAddress(to).address,
    subject: block.value('subject') || undefined,
    sentAt: time !== undefined && RFC_3339.test(time) ? time : undefined,
    messageId: block.value('imdn.message-id') || undefined,
  };
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
