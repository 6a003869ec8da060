/** The readers of what is carried inside messages, plugged in. */
import type { PeerBodies, PeerHost } from './conversation.ts';
import { FileInvitations } from './ftp/invitation.ts';
import { PeerReader } from './p2p/peer-reader.ts';

/** Bodies of application/x-msnmsgrp2p. */
export function peerReader(host: PeerHost): PeerBodies {
  return new PeerReader(host);
}

/** Bodies of text/x-msmsgsinvite that are about a file. */
export function fileInvitations(host: PeerHost): PeerBodies {
  return new FileInvitations(host);
}
