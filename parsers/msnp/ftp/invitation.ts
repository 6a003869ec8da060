/**
 * Invitations in messages of type text/x-msmsgsinvite: a second block of fields (dossier §7).
 *
 *   Application-GUID: {5D3E02AB-…}  Invitation-Command: INVITE  Invitation-Cookie: 51077
 *   Application-File: plan.pdf  Application-FileSize: 52341
 *   … ACCEPT, same cookie                             file.accept
 *   … ACCEPT, IP-Address, Port, AuthCookie            who says it waits there: an expected connection
 *   … CANCEL, Cancel-Code                             file.decline of the invited before he accepted, else file.cancel
 */
import { boundedCopy } from '../../../src/bytes/text.ts';
import type { FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import { HeaderBlock } from '../../framing/header-block.ts';
import type { PeerBodies, PeerHost, PeerPart } from '../conversation.ts';
import { canonicalGuid } from '../p2p/guid.ts';
import { FtpAnomaly } from './anomalies.ts';
import { expectData } from './data-expected.ts';
import { INVITATIONS_LIMIT, TEXT_LIMIT } from './ftp-limits.ts';
import { cancelMessage } from './refusal.ts';

const FILE = '5D3E02AB-6190-11D3-BBBB-00C04F795683';
/** Applications that are calls. */
const VOICE = '02D3C01F-BF30-4825-A83A-DE7AF41648AA';
const NETMEETING = '44BBA842-CC51-11CF-AAFA-00AA00B6015C';
const HELD = 1024; // octets of the reader itself
const INVITED_HELD = 320; // octets of an invitation beside its texts
const REASON_LIMIT = 64; // characters of what is not known and said

/** An invitation and what became of it. */
export interface Invited {
  readonly cookie: string;
  readonly kind: 'file' | 'call' | 'other';
  readonly inviter: string | undefined;
  readonly invitee: string | undefined;
  readonly byClient: boolean;
  readonly name: string | undefined;
  readonly size: number | undefined;
  accepted: boolean;
  over: boolean;
}

export class FileInvitations implements PeerBodies {
  readonly #host: PeerHost;
  readonly #fields = new HeaderBlock();
  readonly #open = new Map<string, Invited>();
  /** The cookie of the invitation whose event is being said. */
  #refusable: string | undefined = undefined;

  constructor(host: PeerHost) {
    this.#host = host;
  }

  part(part: PeerPart): void {
    const fields = this.#fields;
    fields.read(part.buffer, part.start, part.end);
    const command = fields.value('invitation-command')?.toUpperCase();
    const cookie = fields.value('invitation-cookie')?.slice(0, REASON_LIMIT);
    if (command === undefined || !cookie) this.#host.anomaly(FtpAnomaly.InvitationMalformed);
    else if (command === 'INVITE') this.#invite(part, cookie);
    else if (command === 'ACCEPT') this.#accept(part, cookie);
    else if (command === 'CANCEL') this.#cancel(part, cookie);
    else this.#sayUnknown(part, `Invitation-Command ${command}`);
    fields.clear();
  }

  refusal(event: ImEvent): readonly Uint8Array[] {
    const cookie = this.#refusable;
    const invited = event.kind === 'file.offer' || event.kind === 'call.offer';
    if (cookie === undefined || !(invited || event.kind === 'app.unknown')) return [];
    return [cancelMessage(cookie)];
  }

  gap(): void {}

  /** Data has a connection of its own: nothing of it ends here. */
  end(): void {}

  held(): number {
    let octets = HELD;
    for (const { cookie, inviter, invitee, name } of this.#open.values()) {
      const texts = cookie.length + (inviter?.length ?? 0) + (invitee?.length ?? 0);
      octets += INVITED_HELD + 2 * (texts + (name?.length ?? 0));
    }
    return octets;
  }

  #invite(part: PeerPart, cookie: string): void {
    const fields = this.#fields;
    const guid = canonicalGuid(fields.value('application-guid'));
    const name = fields.value('application-file') || undefined;
    const kind = guid === FILE || name !== undefined ? 'file' : isCall(guid) ? 'call' : 'other';
    const size = kind === 'file' ? this.#size() : undefined;
    for (const field of ['application-file', 'application-filesize', 'application-guid']) {
      if (fields.count(field) > 1) this.#host.anomaly(FtpAnomaly.RepeatedField);
    }
    const [only] = part.recipients;
    const invited: Invited = {
      cookie: boundedCopy(cookie, TEXT_LIMIT),
      kind,
      inviter: part.sender,
      invitee: part.recipients.length === 1 ? only : undefined,
      byClient: part.fromClient,
      name: name === undefined ? undefined : boundedCopy(name, TEXT_LIMIT),
      size,
      accepted: false,
      over: false,
    };
    this.#keep(invited);
    const event = this.#newEvent(part, kind === 'file' ? 'file.offer' : 'call.offer', invited);
    if (event.file !== undefined && name !== undefined) event.file.name = name;
    this.#refusable = cookie;
    if (kind === 'other') this.#sayUnknown(part, `Application-GUID ${braced(guid, fields)}`);
    else this.#host.say(event);
    this.#refusable = undefined;
  }

  #size(): number | undefined {
    const size = this.#fields.decimal('application-filesize');
    if (size === undefined) this.#host.anomaly(FtpAnomaly.BadSize);
    return size;
  }

  #accept(part: PeerPart, cookie: string): void {
    const invited = this.#find(part, cookie);
    if (invited?.over) return;
    if (this.#fields.value('ip-address') !== undefined) {
      expectData(this.#host, this.#fields, part, invited);
      return;
    }
    if (invited === undefined || invited.kind === 'other') return;
    if (invited.accepted || this.#isInviter(part, invited)) return;
    invited.accepted = true;
    const kind = invited.kind === 'file' ? 'file.accept' : 'call.accept';
    this.#host.say(this.#newEvent(part, kind, invited));
  }

  #cancel(part: PeerPart, cookie: string): void {
    const invited = this.#find(part, cookie);
    if (invited === undefined || invited.over) return;
    invited.over = true;
    if (invited.kind === 'other') return;
    const declined = !invited.accepted && !this.#isInviter(part, invited);
    const file = declined ? 'file.decline' : 'file.cancel';
    const call = declined ? 'call.decline' : 'call.end';
    const event = this.#newEvent(part, invited.kind === 'file' ? file : call, invited);
    event.reason = this.#fields.value('cancel-code')?.slice(0, REASON_LIMIT) || undefined;
    this.#host.say(event);
  }

  #find(part: PeerPart, cookie: string): Invited | undefined {
    const invited = this.#open.get(cookie);
    if (invited === undefined || this.#isInviter(part, invited)) return invited;
    if (invited.invitee === undefined || part.sender === undefined) return invited;
    if (part.sender === invited.invitee) return invited;
    this.#host.anomaly(FtpAnomaly.Stranger);
    return undefined;
  }

  #isInviter(part: PeerPart, invited: Invited): boolean {
    if (part.sender === undefined || invited.inviter === undefined) {
      return part.fromClient === invited.byClient;
    }
    return part.sender === invited.inviter;
  }

  #keep(invited: Invited): void {
    this.#open.delete(invited.cookie);
    this.#open.set(invited.cookie, invited);
    if (this.#open.size <= INVITATIONS_LIMIT) return;
    this.#host.anomaly(FtpAnomaly.TableFull);
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      break;
    }
  }

  #newEvent(part: PeerPart, kind: EventKind, { cookie, kind: what, name, size }: Invited): ImEvent {
    const event = this.#host.newEvent(kind);
    event.from = part.sender;
    event.to = part.recipients.length > 0 ? part.recipients : undefined;
    event.route = 'direct';
    if (what === 'file') {
      const file: FileReference = { method: 'msnftp', token: cookie };
      if (name !== undefined) file.name = name;
      if (size !== undefined) file.size = size;
      event.file = file;
    } else event.call = { token: cookie };
    return event;
  }

  #sayUnknown(part: PeerPart, reason: string): void {
    const event = this.#host.newEvent('app.unknown');
    event.from = part.sender;
    event.to = part.recipients.length > 0 ? part.recipients : undefined;
    event.route = 'direct';
    event.reason = reason.slice(0, REASON_LIMIT);
    this.#host.say(event);
  }
}

function isCall(guid: string | undefined): boolean {
  return guid === VOICE || guid === NETMEETING;
}

function braced(guid: string | undefined, fields: HeaderBlock): string {
  return guid === undefined ? (fields.value('application-name') ?? '') : `{${guid}}`;
}
