/**
 * Files in messages: links out of band (XEP-0066), stateless sharing (XEP-0447, encrypted
 * XEP-0448), media references (XEP-0385), bits of binary (XEP-0231), images inside XHTML, and
 * OMEMO's aesgcm links (XEP-0454).
 */
import type { FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { announceLink } from './announce.ts';
import { base64Content } from './base64-text.ts';
import { isRefusal } from './file-events.ts';
import { fileSize } from './file-size.ts';
import { announcedSha256 } from './jingle-file.ts';
import { Ns } from './namespaces.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import { nameInUrl } from './url-name.ts';
import { descendants } from './xhtml.ts';

const MAX_FILES = 32; // reported from one message
type Make = (kind: EventKind) => ImEvent;

export function readSharedFiles(session: XmppSession, stanza: Stanza, make: Make): void {
  const said = new Set<string>();
  const say = (file: FileReference, description?: string): void => {
    const key = file.url ?? file.token ?? file.name ?? '';
    if (said.has(key) || said.size >= MAX_FILES) return;
    said.add(key);
    const event = make('file.offer');
    event.file = file;
    event.text = description;
    const refused = isRefusal(session.emit(event));
    announceLink(session, event, refused);
  };
  for (const c of stanza.element.children) {
    if (c.is('file-sharing', Ns.FileSharing)) say(sharedFile(session, stanza, c), descriptionOf(c));
    else if (c.is('reference', Ns.Reference)) {
      const media = c.child('media-sharing', Ns.MediaSharing);
      if (media !== undefined) say(sharedFile(session, stanza, media), descriptionOf(media));
    } else if (c.is('sources', Ns.FileSharing)) say(lateSource(c));
    else if (c.is('data', Ns.BitsOfBinary)) say(bits(c));
    else if (c.is('html', Ns.XhtmlIm) || c.is('html', Ns.Xhtml))
      for (const image of inlineImages(c)) say(image);
  }
  for (const c of stanza.element.children) {
    const url = c.is('x', Ns.MessageOob) ? c.childText('url') : undefined;
    if (url === undefined) continue;
    say(
      { ...ofUrl(session, stanza, c.child('url')), ...link(session, url, 'oob') },
      c.childText('desc'),
    );
  }
  const body = stanza.element.child('body')?.text().trim();
  if (body?.startsWith('aesgcm://') && !/\s/.test(body)) say(link(session, body, 'http-upload'));
}

/** What iChat writes beside the URL: `<url type='file' size='9' mimeType='image/png'>`. */
function ofUrl(session: XmppSession, stanza: Stanza, url: XmlElement | undefined): FileReference {
  const size = fileSize(session, stanza, url?.attribute('size'));
  const mime = url?.attribute('mimeType') || undefined;
  return { ...(size === undefined ? {} : { size }), ...(mime === undefined ? {} : { mime }) };
}

/** A URL; what is known of the file when this account uploaded it. */
function link(session: XmppSession, url: string, method: 'oob' | 'http-upload'): FileReference {
  const upload = session.transfers.urls.get(url);
  const file: FileReference = { name: upload?.name ?? nameInUrl(url) };
  if (upload?.size !== undefined) file.size = upload.size;
  if (upload?.mime !== undefined) file.mime = upload.mime;
  file.method = method;
  if (upload !== undefined && upload.token !== '') file.token = upload.token;
  file.url = url;
  return file;
}

/** `file` and `sources` of a sharing element. */
function sharedFile(session: XmppSession, stanza: Stanza, sharing: XmlElement): FileReference {
  const file = sharing.children.find((c) => c.name === 'file');
  const url = firstUrl(sharing.children.find((c) => c.name === 'sources'));
  return {
    name: file?.childText('name') ?? (url === undefined ? undefined : nameInUrl(url)),
    size: fileSize(session, stanza, file?.childText('size')),
    mime: file?.childText('media-type'),
    sha256: file === undefined ? undefined : announcedSha256(file),
    method: 'attachment',
    token: sharing.attribute('id') || undefined,
    url,
  };
}

function descriptionOf(sharing: XmlElement): string | undefined {
  return sharing.children.find((c) => c.name === 'file')?.childText('desc');
}

function lateSource(sources: XmlElement): FileReference {
  const url = firstUrl(sources);
  return {
    name: url === undefined ? undefined : nameInUrl(url),
    method: 'attachment',
    token: sources.attribute('id') || undefined,
    url,
  };
}

/** The first address in `sources`: url-data, or a SIMS reference. Encrypted sources nest theirs. */
function firstUrl(sources: XmlElement | undefined): string | undefined {
  if (sources === undefined) return undefined;
  for (const c of descendants(sources)) {
    if (c.is('url-data', Ns.UrlData)) return c.attribute('target') || undefined;
    if (c.is('reference', Ns.Reference)) return c.attribute('uri') || undefined;
  }
  return undefined;
}

/** Bits of binary in an iq: asked for by the one who was shown their `cid` (XEP-0231 §2.2). */
export function readBits(session: XmppSession, stanza: Stanza, data: XmlElement): void {
  if (data.name !== 'data' || data.contentStart === data.contentEnd) return;
  const event = session.make('file.offer', stanza, stanza.direction);
  event.file = bits(data);
  event.route = 'direct';
  session.emit(event);
}

function bits(data: XmlElement): FileReference {
  return {
    size: base64Content(data)?.length,
    mime: data.attribute('type') || undefined,
    method: 'attachment',
    token: data.attribute('cid') || undefined,
  };
}

function* inlineImages(html: XmlElement): Generator<FileReference> {
  let count = 0;
  for (const c of descendants(html)) {
    for (const { name } of c.attributes) {
      // An image's src, a link's href, an object's data; a reader ignores case and leading space.
      const found = /^\s*data:([^;,]*)/i.exec(c.attribute(name) ?? '');
      if (found === null) continue;
      yield {
        name: c.attribute('alt') || c.attribute('download') || undefined,
        mime: found[1]?.trim() || undefined,
        method: 'attachment',
        token: `${++count}`,
      };
    }
  }
}
