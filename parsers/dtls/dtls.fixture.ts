/** Datagrams of DTLS for tests. */
import { joined, octets } from '../../test/support/parser-harness.ts';
import {
  type HelloParts,
  helloBody,
  sized,
  u8,
  u16,
  u24,
} from '../framing/client-hello.fixture.ts';

/** A record of epoch 0. */
export function record(
  content: Uint8Array,
  { type = 22, version = 0xfeff, sequence = 0 } = {},
): Uint8Array {
  return joined(u8(type), u16(version, 0, 0, 0, sequence), sized(2, content));
}

/** The octets [from, to) of a handshake message's body. */
export function fragment(
  body: Uint8Array,
  from = 0,
  to = body.length,
  { type = 1, sequence = 0 } = {},
): Uint8Array {
  const head = [u8(type), u24(body.length), u16(sequence), u24(from), u24(to - from)];
  return joined(...head, body.subarray(from, to));
}

/** A ClientHello of DTLS 1.2, whose first one has no cookie. */
export function dtlsBody(parts: HelloParts = {}): Uint8Array {
  return helloBody({ version: 0xfefd, cookie: octets(''), ...parts });
}

/** The message as the parser puts it together. */
export function dtlsMessage(parts: HelloParts = {}): Uint8Array {
  return fragment(dtlsBody(parts));
}
