/**
 * What a ClientHello tells of its service, and what events say of it: the same for TLS, DTLS and QUIC. The name asked
 * for is the better evidence; a protocol of ALPN that only one service speaks is the next.
 */
import type { FlowFacts, ParserSink } from '../contract.ts';
import type { ClientHello } from './client-hello.ts';
import { isEchPublicName } from './ech-names.ts';
import { ja3 } from './ja3.ts';
import { type Ja4Transport, ja4 } from './ja4.ts';
import { versionName, versionNumber } from './tls-version.ts';

type TlsReference = ReturnType<NonNullable<FlowFacts['tls']>>;

const ALPN_LIMIT = 64; // octets of an identifier that is a name; the registered ones have 20 at most
const ALPN_SIGNATURES = 4; // identifiers of one hello that are asked for

const NONE: readonly string[] = [];

/** What every web client offers, and says nothing. */
const COMMON: ReadonlySet<string> = new Set([
  'h2',
  'h2c',
  'h3',
  'h3-29',
  'http/0.9',
  'http/1.0',
  'http/1.1',
  'spdy/1',
  'spdy/2',
  'spdy/3',
  'spdy/3.1',
]);

/** As the catalogue has them: `alpn:apns-security-v3`; those that every web client offers are left out. */
export function alpnSignatures(hello: ClientHello): readonly string[] {
  let found: string[] | undefined;
  for (const id of hello.alpn()) {
    if (COMMON.has(id) || !isName(id)) continue;
    found ??= [];
    if (found.length < ALPN_SIGNATURES) found.push(`alpn:${id}`);
  }
  return found ?? NONE;
}

export function tlsReference(hello: ClientHello, transport: Ja4Transport): TlsReference {
  const alpn = hello.alpn()[0];
  return {
    version: versionNumber(hello.version),
    sni: hello.sni ?? hello.writtenName,
    alpn: alpn !== undefined && isName(alpn) ? alpn : undefined,
    // Of a part they would be somebody else's.
    ja3: hello.wellFormed ? ja3(hello) : undefined,
    ja4: hello.wellFormed ? ja4(hello, transport) : undefined,
    ech: hello.ech || undefined,
  };
}

/** The name that the client asks for; undefined where it is hidden, or there is none. */
export function nameAskedFor(hello: ClientHello): string | undefined {
  const { sni, ech } = hello;
  return sni !== undefined && ech && isEchPublicName(sni) ? undefined : sni;
}

/** True where a service is known by the hello's name or protocols, and was said. */
export function identifyHello(
  hello: ClientHello,
  transport: Ja4Transport,
  sink: ParserSink,
): boolean {
  const name = nameAskedFor(hello);
  const signatures = alpnSignatures(hello);
  // Without either, the address would be asked for: others may know better.
  if (name === undefined && signatures.length === 0) return false;
  const { version } = hello;
  return sink.identify({
    evidence: name === undefined ? 'alpn' : 'sni',
    hosts: name === undefined ? undefined : [name],
    signatures: signatures.length === 0 ? undefined : signatures,
    protocolVersion: versionNumber(version),
    tls: () => tlsReference(hello, transport),
    reason: versionName(version),
  });
}

/** What is said of a hello, whatever tells its service. */
export function helloFacts(hello: ClientHello, transport: Ja4Transport) {
  const { version } = hello;
  return {
    protocolVersion: versionNumber(version),
    tls: () => tlsReference(hello, transport),
    reason: versionName(version),
  };
}

/** Visible ASCII. */
function isName(id: string): boolean {
  return id.length <= ALPN_LIMIT && /^[\x21-\x7e]+$/.test(id);
}
