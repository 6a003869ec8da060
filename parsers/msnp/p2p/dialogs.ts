/**
 * Dialogs of MSNSLP: an invitation and what became of it, found by Call-ID and by session.
 *
 * What is remembered of a session is also in the family's memory: its data may come over another switchboard
 * or a direct connection, which are flows of their own.
 */
import { boundedCopy } from '../../../src/bytes/text.ts';
import type { FilePurpose } from '../../../src/event/event.ts';
import type { SharedMemory } from '../../contract.ts';
import { DIALOGS_LIMIT, TEXT_LIMIT } from './p2p-limits.ts';

export type DialogKind = 'file' | 'object' | 'call' | 'other';

/** What every flow that carries the session knows of its content. */
export interface Progress {
  started: boolean;
  /** Its octets came to an end, whole or not, and that was said. */
  over: boolean;
}

export interface Dialog {
  readonly callId: string;
  readonly session: number;
  readonly kind: DialogKind;
  /** Who sent the invitation, and who got it. */
  readonly inviter: string | undefined;
  readonly invitee: string | undefined;
  readonly account: string | undefined;
  /** Who has the content: the inviter of a file, the invitee of an object that is asked for. */
  readonly owner: string | undefined;
  readonly origin: 'client' | 'server';
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly purpose: FilePurpose | undefined;
  readonly branch: string | undefined;
  readonly progress: Progress;
  accepted: boolean;
  ended: boolean;
  /** The invitation was: where its data would come is not to open. */
  refused: boolean;
}

const DIALOG_HELD = 640; // octets of a dialog and its entry beside its texts

export class Dialogs {
  readonly #memory: SharedMemory;
  readonly #byCall = new Map<string, Dialog>();

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  /** Of this conversation alone. */
  own(callId: string): Dialog | undefined {
    return this.#byCall.get(keptText(callId));
  }

  /** Of this conversation, or of another one in which `speaker` had a part. */
  byCall(callId: string | undefined, speaker: string | undefined): Dialog | undefined {
    if (callId === undefined) return undefined;
    const own = this.#byCall.get(keptText(callId));
    if (own !== undefined) return own;
    const found = this.#memory.get(callKey(callId)) as Dialog | undefined;
    return found !== undefined && hasPart(found, speaker) ? found : undefined;
  }

  /** The session's invitation, in this conversation or another one. `speaker` must have a part in it. */
  bySession(session: number, speaker: string | undefined): Dialog | undefined {
    for (const dialog of this.#byCall.values()) {
      if (dialog.session === session && hasPart(dialog, speaker)) return dialog;
    }
    const found = this.#memory.get(sessionKey(session)) as Dialog | undefined;
    return found !== undefined && hasPart(found, speaker) ? found : undefined;
  }

  /** False when the oldest is forgotten for it. */
  add(offered: Omit<Dialog, 'progress'>): { readonly dialog: Dialog; readonly fits: boolean } {
    const twin = this.#memory.get(sessionKey(offered.session)) as Dialog | undefined;
    const callId = keptText(offered.callId);
    // The same invitation on the other party's connection: one transfer, wherever its data goes.
    const progress =
      twin?.callId === callId && twin.inviter === offered.inviter && offered.session !== 0
        ? twin.progress
        : { started: false, over: false };
    const dialog: Dialog = {
      ...offered,
      callId,
      inviter: keptOrNot(offered.inviter),
      invitee: keptOrNot(offered.invitee),
      owner: keptOrNot(offered.owner),
      name: keptOrNot(offered.name),
      branch: keptOrNot(offered.branch),
      progress,
    };
    this.#byCall.delete(callId);
    this.#byCall.set(callId, dialog);
    this.#memory.set(callKey(callId), dialog);
    if (offered.session !== 0) this.#memory.set(sessionKey(offered.session), dialog);
    if (this.#byCall.size <= DIALOGS_LIMIT) return { dialog, fits: true };
    for (const oldest of this.#byCall.keys()) {
      this.#byCall.delete(oldest);
      break;
    }
    return { dialog, fits: false };
  }

  held(): number {
    let octets = 0;
    for (const d of this.#byCall.values()) {
      const texts = [d.callId, d.inviter, d.invitee, d.owner, d.account, d.name, d.branch];
      octets += DIALOG_HELD;
      for (const text of texts) octets += 2 * (text?.length ?? 0);
    }
    return octets;
  }
}

/** Whether this is the inviter or the invitee, as far as either is known. */
export function hasPart(dialog: Dialog, speaker: string | undefined): boolean {
  if (speaker === undefined || speaker === dialog.inviter || speaker === dialog.invitee)
    return true;
  return dialog.inviter === undefined || dialog.invitee === undefined;
}

/** The other one of the two. */
export function otherThan(dialog: Dialog, speaker: string | undefined): string | undefined {
  return speaker === dialog.inviter ? dialog.invitee : dialog.inviter;
}

function callKey(callId: string): string {
  return `p2p-call ${keptText(callId)}`;
}

function sessionKey(session: number): string {
  return `p2p-session ${session}`;
}

/** As names and identifiers are remembered. */
export function keptText(text: string): string {
  return boundedCopy(text, TEXT_LIMIT);
}

export function keptOrNot(text: string | undefined): string | undefined {
  return text === undefined ? undefined : keptText(text);
}
