/** A packet as the body of a message, with its MIME headers, back to who sent `part`. */
import type { PeerPart } from '../conversation.ts';
import { FOOTER } from './packet.ts';

const TYPE = 'MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\n';
const ADDRESS_LIMIT = 512; // characters of an address that is answered

/** Footer 0: MSNSLP. */
export function inMessage(packet: Uint8Array, part: PeerPart): Uint8Array {
  const { source, destination, sender } = part;
  const names = source === undefined ? '' : field('P2P-Src', destination);
  const headers = `${TYPE}${names}${field('P2P-Dest', source ?? sender)}\r\n`;
  const octets = new TextEncoder().encode(headers);
  const message = new Uint8Array(octets.length + packet.length + FOOTER);
  message.set(octets);
  message.set(packet, octets.length);
  return message;
}

function field(name: string, value: string | undefined): string {
  const visible = /^[!-~]+/.exec(value ?? '')?.[0].slice(0, ADDRESS_LIMIT);
  return visible === undefined ? '' : `${name}: ${visible}\r\n`;
}
