/** iq stanzas (RFC 6120 §8.2.3): requests by the namespace of their payload, answers by their id. */
import { Direction } from '../contract.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { readBytestreams } from './bytestreams.ts';
import { readGoogleSession } from './google.ts';
import { ibbOpenAnswered, readIbb } from './ibb.ts';
import { IqRequestKind } from './iq-requests.ts';
import { jingleAnswered, readJingle } from './jingle.ts';
import { bound, legacyAuth, legacyAuthAnswered } from './login.ts';
import { Ns } from './namespaces.ts';
import { answered, type PendingIq } from './pending-iq.ts';
import { readRoomAdmin } from './room-presence.ts';
import { readBlocking, readPrivacy, readRoster, readRosterExchange } from './roster.ts';
import type { XmppSession } from './session.ts';
import { readBits } from './sharing.ts';
import { readSiOffer, siAnswered } from './si.ts';
import type { Stanza } from './stanza.ts';
import { reportUnknown } from './unknown.ts';
import { oobAnswered, readOobOffer, readUploadRequest, uploadAnswered } from './upload.ts';

export function readIq(session: XmppSession, stanza: Stanza): void {
  const payload = stanza.element.children.find((c) => c.namespace !== stanza.element.namespace);
  if (stanza.type === 'result' || stanza.type === 'error') {
    const pending = answered(session, stanza);
    if (pending !== undefined) answer(session, stanza, pending);
    if (payload !== undefined && stanza.type === 'result') result(session, stanza, payload);
  } else if (payload !== undefined) request(session, stanza, payload);
}

function answer(session: XmppSession, stanza: Stanza, pending: PendingIq): void {
  const { kind, subject } = pending;
  if (kind === IqRequestKind.Auth) legacyAuthAnswered(session, stanza, subject);
  else if (kind === IqRequestKind.SiOffer) siAnswered(session, stanza, subject);
  else if (kind === IqRequestKind.Jingle) jingleAnswered(session, stanza, subject);
  else if (kind === IqRequestKind.Upload) uploadAnswered(session, stanza, subject);
  else if (kind === IqRequestKind.Oob) oobAnswered(session, stanza, subject);
  else ibbOpenAnswered(session, stanza, subject);
}

/** Lists and the bound JID, asked for or (picked up in the middle) not seen asked for. */
function result(session: XmppSession, stanza: Stanza, payload: XmlElement): void {
  const { namespace } = payload;
  session.noteNamespace(namespace, stanza.direction);
  if (namespace === Ns.BitsOfBinary) readBits(session, stanza, payload);
  if (stanza.direction !== Direction.ToClient || !ownList(session, stanza)) return;
  if (namespace === Ns.Bind && payload.name === 'bind') bound(session, payload);
  else if (namespace === Ns.Roster) readRoster(session, stanza, payload);
  else if (namespace === Ns.Blocking) readBlocking(session, stanza, payload);
  else if (namespace === Ns.Privacy) readPrivacy(session, stanza, payload);
}

function request(session: XmppSession, stanza: Stanza, payload: XmlElement): void {
  const { namespace } = payload;
  switch (namespace) {
    case Ns.Roster:
      if (ownList(session, stanza)) readRoster(session, stanza, payload);
      return;
    case Ns.Blocking:
      if (ownList(session, stanza)) readBlocking(session, stanza, payload);
      return;
    case Ns.Privacy:
      if (ownList(session, stanza)) readPrivacy(session, stanza, payload);
      return;
    case Ns.RosterExchange:
      readRosterExchange(session, stanza);
      return;
    case Ns.IqAuth:
      if (stanza.fromClient) legacyAuth(session, stanza, payload);
      return;
    case Ns.Bind:
    case Ns.Session:
      return;
    case Ns.Si:
      if (stanza.type === 'set' && payload.name === 'si') readSiOffer(session, stanza, payload);
      return;
    case Ns.Bytestreams:
      readBytestreams(session, stanza, payload);
      return;
    case Ns.Ibb:
      if (stanza.type === 'set') readIbb(session, stanza, payload);
      return;
    case Ns.IqOob:
      readOobOffer(session, stanza, payload);
      return;
    case Ns.Jingle:
      readJingle(session, stanza, payload);
      return;
    case Ns.GoogleSession:
      readGoogleSession(session, stanza, payload);
      return;
    case Ns.BitsOfBinary:
      readBits(session, stanza, payload);
      return;
    case Ns.MucAdmin:
      readRoomAdmin(session, stanza, payload);
      return;
    default:
      if (namespace.startsWith(Ns.UploadPrefix)) readUploadRequest(session, stanza, payload);
      else reportUnknown(session, stanza, [payload]);
  }
}

/** A list or a JID that does not come from the account's own server is forged (RFC 6121 §2.1.6). */
function ownList(session: XmppSession, stanza: Stanza): boolean {
  const { from } = stanza;
  return stanza.fromClient || from === undefined || session.isOwnServer(from);
}
