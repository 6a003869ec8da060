/** One Jingle negotiation: its files by content name, or a call. */
import type { Transfer } from './transfers.ts';

export interface JingleSession {
  readonly sid: string;
  readonly files: Map<string, Transfer>;
  /** What is called with, when it is a call. */
  media: 'audio' | 'video' | undefined;
  isCall: boolean;
  accepted: boolean;
}

export const MAX_CONTENTS = 16; // files of one negotiation
