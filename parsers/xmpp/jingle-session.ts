/** One Jingle negotiation: its files by content name, or a call. */
import { type Transfer, weigh } from './transfers.ts';

export interface JingleSession {
  readonly sid: string;
  readonly files: Map<string, Transfer>;
  /** What is called with, when it is a call. */
  media: 'audio' | 'video' | undefined;
  isCall: boolean;
  accepted: boolean;
}

const MAX_CONTENTS = 16; // files of one negotiation
const MAX_OCTETS = 16_384; // of one file's names

/** For the answer. More, and larger, files are offered like any; their answer is not known again. */
export function remember(negotiation: JingleSession, content: string, transfer: Transfer): void {
  const { files } = negotiation;
  if (files.size >= MAX_CONTENTS && !files.has(content)) return;
  if (2 * content.length + weigh(transfer) > MAX_OCTETS) return;
  files.set(content, transfer);
}
