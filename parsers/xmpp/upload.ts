/**
 * HTTP upload (XEP-0363) and links out of band (XEP-0066): the request for a slot and the URL are
 * seen here; the content travels in a connection of its own (announce.ts, http-upload/).
 */
import type { XmlElement } from '../framing/xml-element.ts';
import { announceLink, announceSlot } from './announce.ts';
import { isRefusal, sayFile } from './file-events.ts';
import { fileSize } from './file-size.ts';
import { IqRequestKind } from './iq-requests.ts';
import { expectAnswer } from './pending-iq.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import { errorCondition } from './stanza-error.ts';
import { newTransfer } from './transfers.ts';
import { nameInUrl } from './url-name.ts';

/** `request`: attributes since urn:xmpp:http:upload:0, child elements before. */
export function readUploadRequest(session: XmppSession, stanza: Stanza, request: XmlElement): void {
  if (stanza.type !== 'get' || request.name !== 'request') return;
  const get = (name: string) => request.attribute(name) ?? request.childText(name);
  const transfer = newTransfer(stanza, {
    token: stanza.id ?? '',
    name: get('filename'),
    size: fileSize(session, stanza, get('size')),
    mime: get('content-type'),
    method: 'http-upload',
  });
  answerable(session, stanza, IqRequestKind.Upload, transfer);
  sayFile(session, stanza, 'file.offer', transfer);
}

function answerable(
  session: XmppSession,
  stanza: Stanza,
  kind: IqRequestKind,
  transfer: ReturnType<typeof newTransfer>,
): void {
  const sid = `${kind} ${stanza.id ?? ''}`;
  session.transfers.put(stanza, sid, transfer);
  expectAnswer(session, stanza, kind, `${stanza.partyKey} ${sid}`);
}

/** The slot, whose URL is what the recipients will be told; or the refusal. */
export function uploadAnswered(session: XmppSession, stanza: Stanza, key: string): void {
  const transfer = session.transfers.take(key);
  if (transfer === undefined) return;
  transfer.ended = true;
  if (stanza.type === 'error') {
    sayFile(session, stanza, 'file.decline', transfer, errorCondition(stanza.element));
    return;
  }
  const slot = stanza.element.children.find((c) => c.name === 'slot');
  const get = slot?.child('get');
  transfer.url = (get?.attribute('url') ?? get?.text().trim()) || undefined;
  if (transfer.url !== undefined) session.transfers.urls.set(transfer.url, transfer);
  sayFile(session, stanza, 'file.accept', transfer);
  const put = slot?.child('put');
  announceSlot(session, transfer, put?.attribute('url') ?? put?.text().trim());
}

/** iq set `query` in jabber:iq:oob: a file to be fetched. */
export function readOobOffer(session: XmppSession, stanza: Stanza, query: XmlElement): void {
  const url = query.childText('url');
  if (stanza.type !== 'set' || url === undefined) return;
  const transfer = newTransfer(stanza, {
    token: query.attribute('sid') || stanza.id || '',
    name: nameInUrl(url),
    size: undefined,
    method: 'oob',
    url,
  });
  answerable(session, stanza, IqRequestKind.Oob, transfer);
  const event = session.make('file.offer', stanza, stanza.direction);
  event.text = query.childText('desc');
  event.file = { name: transfer.name, method: 'oob', token: transfer.token || undefined, url };
  event.route = 'direct';
  const refused = isRefusal(session.emit(event));
  announceLink(session, event, refused);
}

export function oobAnswered(session: XmppSession, stanza: Stanza, key: string): void {
  const transfer = session.transfers.byKey(key);
  if (transfer === undefined) return;
  transfer.ended = true;
  if (stanza.type === 'result') sayFile(session, stanza, 'file.accept', transfer);
  else sayFile(session, stanza, 'file.decline', transfer, errorCondition(stanza.element));
}
