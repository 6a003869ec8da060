/** The Noise hellos of WhatsApp (Noise_XX and Noise_IK over X25519), by the messages of handshake.proto. */
import { decodeMessage, type MessageDecoder } from '../framing/decode-message.ts';
import { whatsapp } from './handshake.decoder.ts';

/** Octets of a public key of X25519. */
const KEY = 32;

interface Hello {
  readonly ephemeral: Uint8Array | null;
  readonly static: Uint8Array | null;
}

interface HandshakeMessage {
  readonly clientHello: Hello | null;
  readonly serverHello: Hello | null;
}

const { HandshakeMessage } = whatsapp as { HandshakeMessage: MessageDecoder<HandshakeMessage> };

/** Whether a frame is the first of its side of the handshake. */
export function isHello(frame: Uint8Array, side: 'clientHello' | 'serverHello'): boolean {
  return decodeMessage(HandshakeMessage, frame)?.[side]?.ephemeral?.length === KEY;
}
