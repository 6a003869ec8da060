/**
 * File transfers of one flow, from the offer to the last octet. Found by the two parties and the
 * stream's identifier, whichever of the two speaks; bounded, the oldest forgotten first.
 */

import { boundedCopy } from '../../src/bytes/text.ts';
import type { TransferMethod } from '../../src/event/event.ts';
import type { ContentFollower, TransferOffer } from '../contract.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Jid } from './jid.ts';
import type { JingleSession } from './jingle-session.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

const TRANSFERS = 64;
const JINGLE_SESSIONS = 32;
const CALLS = 64;
const URLS = 32;
const STREAMS_OCTETS = 256 << 10;
const TABLE_OCTETS = 64 << 10; // of each other table
const TRANSFER_HELD = 448; // octets of a transfer beside its texts
const SESSION_HELD = 512; // of a negotiation beside its files
const KEPT = 512; // characters of a text that goes with a connection waited for

/** A file and what became of it so far. */
export interface Transfer {
  /** Ties the events together: SI or Jingle sid. */
  readonly token: string;
  /** Names the data stream: the transport's sid. */
  sid: string;
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly mime: string | undefined;
  /** As announced, lower-case hex. */
  readonly sha256: string | undefined;
  url: string | undefined;
  method: TransferMethod | undefined;
  offset: number;
  /** Who has the file and who is to get it. */
  readonly sender: Jid | undefined;
  readonly recipient: Jid | undefined;
  /** Key of the sender, to know its stanzas by. */
  readonly senderKey: string;
  readonly origin: 'client' | 'server';
  readonly jingle: boolean;
  accepted: boolean;
  /** The offer, or its acceptance: its connection is not to be. */
  refused: boolean;
  stream: IncomingStream | undefined;
  ended: boolean;
}

/** Content that passes inside the XMPP stream. */
export interface IncomingStream {
  octets: number;
  /** Expected sequence number. */
  next: number;
  /** Octets are missing: no digest. */
  broken: boolean;
  exceeded: boolean;
  follower: ContentFollower | undefined;
}

export class Transfers {
  readonly #streams = new BoundedMap<Transfer>(TRANSFERS, STREAMS_OCTETS, weigh);
  readonly jingle = new BoundedMap<JingleSession>(JINGLE_SESSIONS, TABLE_OCTETS);
  /** Calls that were announced, by token. */
  readonly calls = new BoundedMap<true>(CALLS, TABLE_OCTETS);
  /** Uploads by the URL they are fetched from. */
  readonly urls = new BoundedMap<Transfer>(URLS, TABLE_OCTETS, weigh);

  /** Memory, octets. A transfer under two names is counted twice. */
  held(): number {
    let octets = this.#streams.held + this.jingle.held + this.calls.held + this.urls.held;
    for (const { files } of this.jingle.values()) {
      octets += SESSION_HELD;
      for (const [name, transfer] of files) octets += 2 * name.length + weigh(transfer);
    }
    return octets;
  }

  /** Under the parties of the stanza and a stream identifier. */
  put(stanza: Stanza, sid: string, transfer: Transfer): void {
    this.#streams.set(`${stanza.partyKey} ${sid}`, transfer);
  }

  find(stanza: Stanza, sid: string): Transfer | undefined {
    return (
      this.#streams.get(`${stanza.partyKey} ${sid}`) ??
      this.#streams.get(`${stanza.answeredKey} ${sid}`)
    );
  }

  /** By the whole key, as a remembered request names it. */
  byKey(key: string): Transfer | undefined {
    return this.#streams.get(key);
  }

  /** The same, forgotten. */
  take(key: string): Transfer | undefined {
    return this.#streams.take(key);
  }

  forget(stanza: Stanza, sid: string): void {
    this.#streams.delete(`${stanza.partyKey} ${sid}`);
    this.#streams.delete(`${stanza.answeredKey} ${sid}`);
  }

  all(): Iterable<Transfer> {
    return this.#streams.values();
  }
}

/** Octets of a transfer, of which nothing that counts changes. */
export function weigh({ token, name, mime, url, senderKey }: Transfer): number {
  const texts = token.length + (name?.length ?? 0) + (mime?.length ?? 0) + (url?.length ?? 0);
  return TRANSFER_HELD + 2 * (texts + senderKey.length);
}

/** What is known of a file when it is offered. */
export interface OfferedFile {
  readonly token: string;
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly mime?: string | undefined;
  readonly sha256?: string | undefined;
  readonly method: TransferMethod | undefined;
  readonly url?: string | undefined;
  readonly offset?: number | undefined;
  /** The one who speaks asks for the file instead of offering it. */
  readonly requested?: boolean;
  readonly jingle?: boolean;
}

export function newTransfer(stanza: Stanza, file: OfferedFile): Transfer {
  const requested = file.requested === true;
  const fromClient = stanza.outgoing !== requested;
  return {
    token: file.token,
    sid: file.token,
    name: file.name || undefined,
    size: file.size,
    mime: file.mime || undefined,
    sha256: file.sha256,
    url: file.url,
    method: file.method,
    offset: file.offset ?? 0,
    sender: requested ? stanza.to : stanza.from,
    recipient: requested ? stanza.from : stanza.to,
    senderKey: requested ? stanza.addresseeKey : stanza.senderKey,
    origin: fromClient ? 'client' : 'server',
    jingle: file.jingle === true,
    accepted: false,
    refused: false,
    stream: undefined,
    ended: false,
  };
}

/** The offer as the data connection's reader gets it. */
export function offerOf(
  session: XmppSession,
  transfer: Transfer,
  listener: Jid | undefined,
): TransferOffer {
  const { sender, recipient } = transfer;
  let senderListens: boolean | undefined;
  if (listener !== undefined && listener.full === sender?.full) senderListens = true;
  else if (listener !== undefined && listener.full === recipient?.full) senderListens = false;
  return {
    service: session.service,
    account: session.account,
    sender: sender?.bare,
    recipient: recipient?.bare,
    senderListens,
    room: undefined,
    name: kept(transfer.name),
    size: transfer.size,
    offset: transfer.offset,
    mime: kept(transfer.mime),
    token: kept(transfer.token),
    method: transfer.jingle ? 'jingle' : 'socks5',
    origin: transfer.origin,
  };
}

function kept(text: string | undefined): string | undefined {
  return text === undefined ? undefined : boundedCopy(text, KEPT);
}
