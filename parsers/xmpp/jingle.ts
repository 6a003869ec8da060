/**
 * Jingle (XEP-0166): files (XEP-0234 over XEP-0260 or XEP-0261) and calls (XEP-0167). Contents may
 * come late (content-add) and change their transport (transport-replace): all are read alike.
 */
import type { XmlElement } from '../framing/xml-element.ts';
import { expectConnections, streamHosts } from './bytestreams.ts';
import { acceptCall, endCall, offerCall } from './calls.ts';
import { sayFile } from './file-events.ts';
import { cancelTransfer, endStream } from './ibb.ts';
import { IqRequestKind } from './iq-requests.ts';
import { describedFile } from './jingle-file.ts';
import { type JingleSession, remember } from './jingle-session.ts';
import { Ns } from './namespaces.ts';
import { expectAnswer } from './pending-iq.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import { errorCondition } from './stanza-error.ts';
import { newTransfer, type Transfer } from './transfers.ts';
import { reportUnknownNamed } from './unknown.ts';

export function readJingle(session: XmppSession, stanza: Stanza, jingle: XmlElement): void {
  const sid = jingle.attribute('sid');
  if (stanza.type !== 'set' || !sid) return;
  const action = jingle.attribute('action');
  const known = find(session, stanza, sid);
  if (action === 'session-initiate') initiate(session, stanza, jingle, sid);
  else if (known === undefined) return;
  else if (action === 'session-terminate') terminate(session, stanza, jingle, known);
  else if (action === 'content-add') contents(session, stanza, jingle, known);
  else if (action === 'session-accept' || action === 'content-accept')
    accept(session, stanza, jingle, known);
  else if (action === 'content-reject' || action === 'content-remove')
    drop(session, stanza, jingle, known, action);
  else if (action?.startsWith('transport-')) transports(session, stanza, jingle, known);
}

function find(session: XmppSession, stanza: Stanza, sid: string): JingleSession | undefined {
  const { jingle } = session.transfers;
  return jingle.get(`${stanza.partyKey} ${sid}`) ?? jingle.get(`${stanza.answeredKey} ${sid}`);
}

function initiate(session: XmppSession, stanza: Stanza, jingle: XmlElement, sid: string): void {
  const negotiation: JingleSession = {
    sid,
    files: new Map(),
    media: undefined,
    isCall: false,
    accepted: false,
  };
  const key = `${stanza.partyKey} ${sid}`;
  session.transfers.jingle.set(key, negotiation);
  expectAnswer(session, stanza, IqRequestKind.Jingle, key);
  contents(session, stanza, jingle, negotiation);
}

/** Offers every content that is a file; says what else is offered. */
function contents(
  session: XmppSession,
  stanza: Stanza,
  jingle: XmlElement,
  negotiation: JingleSession,
): void {
  let called: 'audio' | 'video' | undefined;
  const offered: (readonly [XmlElement, Transfer])[] = [];
  for (const content of jingle.children) {
    const description = content.children.find((c) => c.name === 'description');
    if (content.name !== 'content' || description === undefined) continue;
    const { namespace } = description;
    if (namespace.startsWith(Ns.JingleFilePrefix)) {
      offered.push([content, offer(session, stanza, content, description, negotiation)]);
    } else if (namespace.startsWith(Ns.JingleRtpPrefix) || isGoogleCall(namespace)) {
      const video = namespace === Ns.GoogleVideo || description.attribute('media') === 'video';
      called = video || called === 'video' ? 'video' : 'audio';
    } else reportUnknownNamed(session, stanza, namespace);
  }
  // The stanza is refused as a whole: not before all of it was judged.
  for (const [content, transfer] of offered) transport(session, stanza, content, transfer);
  if (called === undefined) return;
  negotiation.isCall = true;
  negotiation.media = called;
  offerCall(session, stanza, negotiation.sid, called);
}

function isGoogleCall(namespace: string): boolean {
  return namespace === Ns.GooglePhone || namespace === Ns.GoogleVideo;
}

function offer(
  session: XmppSession,
  stanza: Stanza,
  content: XmlElement,
  description: XmlElement,
  negotiation: JingleSession,
): Transfer {
  const file = describedFile(session, stanza, description);
  const requested = file.requested || content.attribute('senders') === 'responder';
  const transfer = newTransfer(stanza, {
    ...file,
    token: negotiation.sid,
    method: 'jingle',
    requested,
    jingle: true,
  });
  remember(negotiation, content.attribute('name') ?? '', transfer);
  const why = requested ? 'requested' : undefined;
  sayFile(session, stanza, 'file.offer', transfer, why, file.description);
  return transfer;
}

function accept(
  session: XmppSession,
  stanza: Stanza,
  jingle: XmlElement,
  negotiation: JingleSession,
): void {
  transports(session, stanza, jingle, negotiation);
  if (negotiation.isCall && !negotiation.accepted)
    acceptCall(session, stanza, negotiation.sid, negotiation.media);
  negotiation.accepted = true;
  for (const transfer of named(jingle, negotiation)) {
    if (transfer.accepted || transfer.ended) continue;
    transfer.accepted = true;
    sayFile(session, stanza, 'file.accept', transfer);
  }
}

/** Files of the contents the stanza names. */
function* named(jingle: XmlElement, negotiation: JingleSession): Generator<Transfer> {
  for (const content of jingle.children) {
    if (content.name !== 'content') continue;
    const transfer = negotiation.files.get(content.attribute('name') ?? '');
    if (transfer !== undefined) yield transfer;
  }
}

function drop(
  session: XmppSession,
  stanza: Stanza,
  jingle: XmlElement,
  negotiation: JingleSession,
  action: string,
): void {
  for (const transfer of named(jingle, negotiation)) {
    if (transfer.ended) continue;
    if (action === 'content-reject') decline(session, stanza, transfer, 'decline');
    else cancelTransfer(session, transfer, 'removed', stanza);
  }
}

function decline(session: XmppSession, stanza: Stanza, transfer: Transfer, reason: string): void {
  transfer.ended = true;
  sayFile(session, stanza, 'file.decline', transfer, reason);
}

function terminate(
  session: XmppSession,
  stanza: Stanza,
  jingle: XmlElement,
  negotiation: JingleSession,
): void {
  const reason = jingle.child('reason')?.children.find((c) => c.name !== 'text')?.name ?? 'gone';
  if (negotiation.isCall) {
    endCall(session, stanza, negotiation.sid, negotiation.media, negotiation.accepted, reason);
    negotiation.isCall = false;
  }
  for (const transfer of negotiation.files.values()) {
    if (transfer.ended) continue;
    if (reason === 'success') {
      endStream(session, transfer, stanza); // its close may be missing
      transfer.ended = true;
    } else if (!transfer.accepted && reason !== 'cancel')
      decline(session, stanza, transfer, reason);
    else cancelTransfer(session, transfer, reason, stanza);
  }
}

/** An error in answer to session-initiate refuses everything in it. */
export function jingleAnswered(session: XmppSession, stanza: Stanza, key: string): void {
  const negotiation = session.transfers.jingle.get(key);
  if (stanza.type !== 'error' || negotiation === undefined) return;
  const reason = errorCondition(stanza.element) ?? 'error';
  if (negotiation.isCall)
    endCall(session, stanza, negotiation.sid, negotiation.media, false, reason);
  for (const transfer of negotiation.files.values())
    if (!transfer.ended) decline(session, stanza, transfer, reason);
}

function transports(
  session: XmppSession,
  stanza: Stanza,
  jingle: XmlElement,
  negotiation: JingleSession,
): void {
  for (const content of jingle.children) {
    if (content.name !== 'content') continue;
    const transfer = negotiation.files.get(content.attribute('name') ?? '');
    if (transfer !== undefined && !transfer.ended) transport(session, stanza, content, transfer);
  }
}

/** The data stream's own sid, and where it will come. */
function transport(
  session: XmppSession,
  stanza: Stanza,
  content: XmlElement,
  transfer: Transfer,
): void {
  const element = content.children.find((c) => c.name === 'transport');
  const sid = element?.attribute('sid');
  if (element === undefined || !sid) return;
  if (element.namespace.startsWith(Ns.JingleIbb)) {
    session.transfers.put(stanza, sid, transfer);
  } else if (element.namespace.startsWith(Ns.JingleS5b)) {
    session.transfers.put(stanza, sid, transfer);
    const hosts = streamHosts(element, 'candidate', 'host');
    const stated = element.attribute('dstaddr');
    const candidates = element.children.some((c) => c.name === 'candidate');
    if (candidates || stated !== undefined)
      expectConnections(session, stanza, transfer, sid, hosts, stated);
  }
}
