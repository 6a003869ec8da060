/** Handshakes of TLS for tests. */
import {
  client,
  type Heard,
  joined,
  octets,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import {
  extension,
  type HelloParts,
  hello,
  message,
  records,
  sized,
  u16,
  u24,
} from '../framing/client-hello.fixture.ts';
import { readClientHello } from '../framing/client-hello.ts';
import { tlsReference } from '../framing/hello-facts.ts';

/** A hello in one record. */
export function clientHello(parts: HelloParts, size?: number): Turn {
  return client(records(hello(parts), size));
}

/** What is said of it, beside what tells. */
export function toldOf(parts: HelloParts, changes: Heard = {}): Heard {
  const octets = hello(parts);
  const found = readClientHello(octets, 0, octets.length);
  if (found === undefined) throw new Error('no ClientHello');
  const all = Object.entries({ ...tlsReference(found, 't'), ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

export interface Answer {
  readonly version: number;
  /** In supported_versions. */
  readonly chosen?: number;
  readonly certificate?: Uint8Array;
  /** Another message of the server before it. */
  readonly before?: Uint8Array;
}

/** The server's hello, its certificate, and the end of its flight. */
export function serverFlight({ version, chosen, certificate, before }: Answer): Uint8Array {
  const extensions = chosen === undefined ? [] : [extension(43, u16(chosen))];
  const body = joined(
    u16(version),
    octets('s'.repeat(32)),
    sized(1, octets('session')),
    u16(0xc02f),
    octets('\0'),
    sized(2, ...extensions),
  );
  const chain =
    certificate === undefined
      ? octets('')
      : message(11, sized(3, joined(u24(certificate.length), certificate)));
  return joined(message(2, body), before ?? octets(''), chain, message(14, octets('')));
}

export function answer(wanted: Answer, size?: number): Turn {
  return server(records(serverFlight(wanted), size));
}

/** An encrypted record. */
export function sealed(octets: number): Uint8Array {
  return records(new Uint8Array(octets).fill(0x5a), 16_384, 23);
}
