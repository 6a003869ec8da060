/**
 * Google Talk's own negotiation, `session` in http://www.google.com/session: calls
 * (session/phone, session/video) and files (session/share, whose content travels peer to peer).
 */
import type { XmlElement } from '../framing/xml-element.ts';
import { acceptCall, endCall, offerCall } from './calls.ts';
import { sayFile } from './file-events.ts';
import { fileSize } from './file-size.ts';
import { cancelTransfer } from './ibb.ts';
import { IqRequestKind } from './iq-requests.ts';
import { type JingleSession, remember } from './jingle-session.ts';
import { Ns } from './namespaces.ts';
import { expectAnswer } from './pending-iq.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import { newTransfer } from './transfers.ts';
import { reportUnknownNamed } from './unknown.ts';

export function readGoogleSession(session: XmppSession, stanza: Stanza, element: XmlElement): void {
  const id = element.attribute('id');
  if (stanza.type !== 'set' || !id) return;
  session.service = 'google-talk';
  const { jingle } = session.transfers;
  const type = element.attribute('type');
  const key = `google ${id}`;
  if (type === 'initiate') {
    const known = initiate(session, stanza, element, id);
    if (known !== undefined) jingle.set(`${stanza.partyKey} ${key}`, known);
    expectAnswer(session, stanza, IqRequestKind.Jingle, `${stanza.partyKey} ${key}`);
    return;
  }
  const known =
    jingle.get(`${stanza.partyKey} ${key}`) ?? jingle.get(`${stanza.answeredKey} ${key}`);
  if (known === undefined) return;
  if (type === 'accept') accept(session, stanza, known);
  else if (type === 'reject' || type === 'terminate') end(session, stanza, known, type);
}

function initiate(
  session: XmppSession,
  stanza: Stanza,
  element: XmlElement,
  id: string,
): JingleSession | undefined {
  const description = element.children.find((c) => c.name === 'description');
  if (description === undefined) return undefined;
  const { namespace } = description;
  const known: JingleSession = {
    sid: id,
    files: new Map(),
    media: namespace === Ns.GoogleVideo ? 'video' : 'audio',
    isCall: namespace === Ns.GooglePhone || namespace === Ns.GoogleVideo,
    accepted: false,
  };
  if (known.isCall) offerCall(session, stanza, id, known.media);
  else if (namespace === Ns.GoogleShare) share(session, stanza, description, known);
  else reportUnknownNamed(session, stanza, namespace);
  return known;
}

/** Files, and folders as files of unknown size. */
function share(
  session: XmppSession,
  stanza: Stanza,
  description: XmlElement,
  known: JingleSession,
): void {
  for (const item of description.child('manifest')?.children ?? []) {
    if (item.name !== 'file' && item.name !== 'folder') continue;
    const transfer = newTransfer(stanza, {
      token: known.sid,
      name: item.childText('name'),
      size: fileSize(session, stanza, item.attribute('size')),
      method: 'p2p',
    });
    remember(known, String(known.files.size), transfer);
    sayFile(session, stanza, 'file.offer', transfer);
  }
}

function accept(session: XmppSession, stanza: Stanza, known: JingleSession): void {
  if (known.accepted) return;
  known.accepted = true;
  if (known.isCall) acceptCall(session, stanza, known.sid, known.media);
  for (const transfer of known.files.values()) {
    transfer.accepted = true;
    sayFile(session, stanza, 'file.accept', transfer);
  }
}

function end(session: XmppSession, stanza: Stanza, known: JingleSession, type: string): void {
  if (known.isCall) {
    const reason = type === 'reject' ? 'reject' : 'success';
    endCall(session, stanza, known.sid, known.media, known.accepted, reason);
  }
  for (const transfer of known.files.values()) {
    if (transfer.ended) continue;
    if (type === 'reject') {
      transfer.ended = true;
      sayFile(session, stanza, 'file.decline', transfer, type);
    } else if (known.accepted)
      transfer.ended = true; // the content went another way
    else cancelTransfer(session, transfer, type, stanza);
  }
}
