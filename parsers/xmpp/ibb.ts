/**
 * In-band bytestreams (XEP-0047, XEP-0261): the file is inside the XMPP stream.
 *   <open sid block-size stanza/>  <data sid seq>BASE64</data>*  <close sid/>
 * seq counts from 0 and wraps after 65535 (§2.2). Octets are counted and hashed, never kept.
 */
import type { XmlElement } from '../framing/xml-element.ts';
import { XmppAnomaly } from './anomalies.ts';
import { base64Content } from './base64-text.ts';
import { contentEvent } from './file-events.ts';
import { IqRequestKind } from './iq-requests.ts';
import { Ns } from './namespaces.ts';
import { expectAnswer } from './pending-iq.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import { errorCondition } from './stanza-error.ts';
import { newTransfer, type Transfer } from './transfers.ts';

/** True when the message carries a block. */
export function readIbbInMessage(session: XmppSession, stanza: Stanza): boolean {
  const data = stanza.element.child('data', Ns.Ibb);
  if (data === undefined) return false;
  readIbb(session, stanza, data);
  return true;
}

export function readIbb(session: XmppSession, stanza: Stanza, element: XmlElement): void {
  const sid = element.attribute('sid');
  if (!sid) return;
  if (element.name === 'open') open(session, stanza, sid);
  else if (element.name === 'data') data(session, stanza, element, sid);
  else if (element.name === 'close') {
    const transfer = session.transfers.find(stanza, sid);
    if (transfer !== undefined) endStream(session, transfer, stanza);
    session.transfers.forget(stanza, sid);
  }
}

function open(session: XmppSession, stanza: Stanza, sid: string): void {
  let transfer = session.transfers.find(stanza, sid);
  if (transfer === undefined || transfer.ended) transfer = unannounced(session, stanza, sid);
  if (stanza.id === undefined) startStream(session, transfer);
  else expectAnswer(session, stanza, IqRequestKind.IbbOpen, `${stanza.partyKey} ${sid}`);
  session.transfers.put(stanza, sid, transfer);
}

export function ibbOpenAnswered(session: XmppSession, stanza: Stanza, key: string): void {
  const transfer = session.transfers.byKey(key);
  if (transfer === undefined || transfer.stream !== undefined) return;
  if (stanza.type === 'result') startStream(session, transfer);
  else cancelTransfer(session, transfer, errorCondition(stanza.element) ?? 'refused', stanza);
}

function unannounced(session: XmppSession, stanza: Stanza, sid: string): Transfer {
  const transfer = newTransfer(stanza, {
    token: sid,
    name: undefined,
    size: undefined,
    method: 'ibb',
  });
  session.transfers.put(stanza, sid, transfer);
  return transfer;
}

function startStream(session: XmppSession, transfer: Transfer): void {
  if (transfer.stream !== undefined || transfer.ended) return;
  transfer.method = 'ibb';
  transfer.stream = {
    octets: 0,
    next: 0,
    broken: transfer.offset > 0,
    exceeded: false,
    follower: session.context.follow(),
  };
  session.emit(contentEvent(session, 'file.start', transfer));
}

function data(session: XmppSession, stanza: Stanza, element: XmlElement, sid: string): void {
  const transfer = session.transfers.find(stanza, sid) ?? unannounced(session, stanza, sid);
  if (transfer.ended) return;
  if (transfer.stream === undefined) startStream(session, transfer);
  const { stream } = transfer;
  if (stream === undefined || stanza.senderKey !== transfer.senderKey) return; // the other way
  const sequence = Number(element.attribute('seq'));
  if (sequence !== stream.next) {
    session.anomaly(XmppAnomaly.IbbSequence, stanza.direction);
    stream.broken = true;
  }
  stream.next = ((Number.isInteger(sequence) ? sequence : stream.next) + 1) & 0xffff;
  const octets = base64Content(element);
  if (octets === undefined) {
    session.anomaly(XmppAnomaly.IbbEncoding, stanza.direction);
    stream.broken = true;
    return;
  }
  stream.octets += octets.length;
  stream.follower?.write(octets);
  const announced = transfer.size;
  if (announced !== undefined && stream.octets + transfer.offset > announced && !stream.exceeded) {
    stream.exceeded = true;
    session.anomaly(XmppAnomaly.SizeExceeded, stanza.direction);
  }
}

/** The stream was closed, or the connection ended: all there, or given up. */
export function endStream(session: XmppSession, transfer: Transfer, by: Stanza | undefined): void {
  const { stream } = transfer;
  if (transfer.ended || stream === undefined) return;
  const announced = transfer.size;
  if (announced !== undefined && stream.octets + transfer.offset < announced) {
    cancelTransfer(session, transfer, 'incomplete', by);
    return;
  }
  transfer.ended = true;
  const event = contentEvent(session, 'file.complete', transfer);
  if (stream.broken) stream.follower?.discard();
  const digest = stream.broken ? undefined : stream.follower?.finish();
  stream.follower = undefined;
  event.file = { ...event.file, size: stream.octets };
  if (digest === undefined) delete event.file.sha256;
  else event.file.sha256 = digest;
  session.emit(event);
}

/** Given up by either side; the octets that passed are counted. */
export function cancelTransfer(
  session: XmppSession,
  transfer: Transfer,
  reason: string,
  by: Stanza | undefined,
): void {
  if (transfer.ended) return;
  transfer.ended = true;
  const event = contentEvent(session, 'file.cancel', transfer);
  if (by !== undefined) {
    event.origin = by.fromClient ? 'client' : 'server';
    by.address(event);
  }
  event.reason = reason;
  const { stream } = transfer;
  if (stream !== undefined) {
    stream.follower?.discard();
    stream.follower = undefined;
    event.file = { ...event.file, size: stream.octets };
    delete event.file.sha256;
  }
  session.emit(event);
}
