/** What the first frames of WhatsApp show: which version, and until 2016 whose connection it is. */
import type { FlowFacts } from '../contract.ts';
import type { Opening, OpeningOctets, OpeningRules } from '../framing/opening-parser.ts';
import { signature } from '../framing/signature-parser.ts';
import { FRAME_HEAD, frameLength, PREAMBLE, preambleAt } from './header.ts';
import { isHello } from './hello.ts';
import { signInOf } from './sign-in.ts';

/** Octets of each direction: a hello with post-quantum keys has 1 to 3 KiB. */
const LIMIT = 8192;

export const WHATSAPP_OPENING: OpeningRules = { limit: LIMIT, read };

function read(toServer: OpeningOctets, toClient: OpeningOctets, last: boolean): Opening {
  if (toServer.used === 0) return serverAlone(toClient, last);
  const at = preambleAt(toServer.buffer, toServer.used);
  if (at < 0 || toServer.used < at + PREAMBLE) return 'more';
  const version = toServer.buffer[at + 2] ?? 0;
  const protocolVersion = `${version}.${toServer.buffer[at + 3] ?? 0}`;
  if (version === 1) return compressedXml(toServer, at + PREAMBLE, protocolVersion, last);
  const hello = firstFrame(toServer, at + PREAMBLE);
  if (hello === undefined) return last ? noise({ protocolVersion }) : 'more';
  return isHello(hello, 'clientHello') ? noise({ protocolVersion }) : 'other';
}

/** What the client sent was not seen. */
function serverAlone(toClient: OpeningOctets, last: boolean): Opening {
  const hello = firstFrame(toClient, 0);
  if (hello === undefined) return last ? noise() : 'more';
  return isHello(hello, 'serverHello') ? noise() : 'other';
}

function compressedXml(
  octets: OpeningOctets,
  at: number,
  protocolVersion: string,
  last: boolean,
): Opening {
  const account = signInOf(octets.buffer, at, octets.used);
  if (account === undefined && !last) return 'more';
  return signature('whatsapp-funxmpp', 'encrypted after sign-in', {
    protocolVersion,
    account: account === '' ? undefined : account,
  });
}

function noise(more: Partial<FlowFacts> = {}): FlowFacts {
  return signature('whatsapp-noise', 'Noise handshake', more);
}

function firstFrame({ buffer, used }: OpeningOctets, at: number): Uint8Array | undefined {
  if (used < at + FRAME_HEAD) return undefined;
  const end = at + FRAME_HEAD + frameLength(buffer, at);
  return end <= used ? buffer.subarray(at + FRAME_HEAD, end) : undefined;
}
