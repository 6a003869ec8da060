/**
 * Invitations in messages of type text/x-msmsgsinvite: a second block of fields (dossier §7).
 *
 * Those about files are read here, calls where the conversation is.
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
import { keptOrNot } from '../p2p/dialogs.ts';
import { othersOf, recipientOf } from '../p2p/file-events.ts';
import { canonicalGuid, Purpose } from '../p2p/guid.ts';
import { FtpAnomaly } from './anomalies.ts';
import { expectData } from './data-expected.ts';
import { INVITATIONS_LIMIT, TEXT_LIMIT } from './ftp-limits.ts';
import { cancelMessage } from './refusal.ts';

const HELD = 1024; // octets of the reader itself
const INVITED_HELD = 320; // octets of an invitation beside its texts
/** Fields that say what is offered. */
const REPEATED = [
  'application-file',
  'application-filesize',
  'application-guid',
  'invitation-command',
] as const;
const NAMES_LIMIT = 4; // names of one file that are said beside the first
const REASON_LIMIT = 64; // characters of what is not known and said

/** An invitation and what became of it. */
export interface Invited {
  readonly cookie: string;
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
    // Receivers differ on which of several counts: an invitation is the worst of them.
    const commands = fields.values('invitation-command').map((one) => one.toUpperCase());
    const command = commands.includes('INVITE') ? 'INVITE' : commands[0];
    const cookie = fields.value('invitation-cookie')?.slice(0, REASON_LIMIT);
    if (command === undefined || !cookie) {
      // Behind more fields than are read there may be what others look for.
      this.#host.anomaly(FtpAnomaly.InvitationMalformed);
      this.#sayUnknown(part, command ?? '');
    } else if (command === 'INVITE') this.#invite(part, cookie);
    else if (command === 'ACCEPT') this.#accept(part, cookie);
    else if (command === 'CANCEL') this.#cancel(part, cookie);
    else this.#sayUnknown(part, command);
    fields.clear();
  }

  refusal(event: ImEvent): readonly Uint8Array[] {
    const cookie = this.#refusable;
    const invites = event.kind === 'file.offer' || event.kind === 'app.unknown';
    return cookie !== undefined && invites ? [cancelMessage(cookie)] : [];
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
    if (guid !== Purpose.File && name === undefined) {
      this.#refusable = cookie;
      this.#sayUnknown(part, 'INVITE');
      this.#refusable = undefined;
      return;
    }
    for (const field of REPEATED) {
      if (fields.count(field) > 1) this.#host.anomaly(FtpAnomaly.RepeatedField);
    }
    const invited: Invited = {
      cookie: boundedCopy(cookie, TEXT_LIMIT),
      inviter: keptOrNot(part.sender),
      invitee: keptOrNot(recipientOf(part)),
      byClient: part.fromClient,
      name: name === undefined ? undefined : boundedCopy(name, TEXT_LIMIT),
      size: this.#size(),
      accepted: false,
      over: false,
    };
    this.#keep(invited);
    const event = this.#newFileEvent(part, 'file.offer', invited);
    if (event.file !== undefined && name !== undefined) event.file.name = name;
    this.#refusable = cookie;
    this.#host.say(event);
    // Some show the first name, others the last.
    for (const other of this.#otherNames(name)) {
      const also = this.#newFileEvent(part, 'file.offer', { ...invited, name: other });
      this.#host.say(also);
    }
    this.#refusable = undefined;
  }

  #otherNames(name: string | undefined): string[] {
    const names = new Set(this.#fields.values('application-file'));
    if (name !== undefined) names.delete(name);
    return [...names].filter((other) => other !== '').slice(-NAMES_LIMIT);
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
    if (invited === undefined || invited.accepted || this.#isInviter(part, invited)) return;
    invited.accepted = true;
    this.#host.say(this.#newFileEvent(part, 'file.accept', invited));
  }

  #cancel(part: PeerPart, cookie: string): void {
    const invited = this.#find(part, cookie);
    if (invited === undefined || invited.over) return;
    invited.over = true;
    const declined = !invited.accepted && !this.#isInviter(part, invited);
    const event = this.#newFileEvent(part, declined ? 'file.decline' : 'file.cancel', invited);
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

  /** In a room it is for all of them. */
  #newEvent(part: PeerPart, kind: EventKind): ImEvent {
    const event = this.#host.newEvent(kind);
    event.from = part.sender;
    const others = othersOf(part);
    if (event.room === undefined && others.length > 0) event.to = others;
    return event;
  }

  #newFileEvent(part: PeerPart, kind: EventKind, { cookie, name, size }: Invited): ImEvent {
    const event = this.#newEvent(part, kind);
    const file: FileReference = { method: 'msnftp', token: cookie };
    if (name !== undefined) file.name = name;
    if (size !== undefined) file.size = size;
    event.file = file;
    return event;
  }

  #sayUnknown(part: PeerPart, command: string): void {
    const event = this.#newEvent(part, 'app.unknown');
    event.reason = `MSG invitation ${command}`.trimEnd().slice(0, REASON_LIMIT);
    this.#host.say(event);
  }
}
