/**
 * The name of an ordinary flow: one record with one whole hello, that of a web client, at a port where nothing else is
 * expected. TlsParser would learn no more of it, and nearly all of the TLS there is begins so.
 */
import { u16be } from '../../src/bytes/read.ts';
import { readClientHello } from '../framing/client-hello.ts';
import { tellHelloAnomalies } from '../framing/hello-anomalies.ts';
import { alpnSignatures, nameAskedFor } from '../framing/hello-facts.ts';
import { AGE_OF_1_3, versionAge } from '../framing/tls-version.ts';
import { PROXY_PORTS, USUAL_PORTS } from './usual-ports.ts';

const RECORD_HEAD = 5;

/** Undefined where the parser has to look. */
export function nameOnly(octets: Uint8Array, serverPort: number): string | undefined {
  if (RECORD_HEAD + u16be(octets, 3) !== octets.length) return undefined;
  const isUsual = USUAL_PORTS.includes(serverPort) || PROXY_PORTS.includes(serverPort);
  const hello = isUsual ? readClientHello(octets, RECORD_HEAD, octets.length) : undefined;
  if (hello === undefined || !hello.wellFormed) return undefined;
  if (versionAge(hello.version) < AGE_OF_1_3 || alpnSignatures(hello).length > 0) return undefined;
  let isOdd = false;
  tellHelloAnomalies(hello, () => {
    isOdd = true;
  });
  return isOdd ? undefined : nameAskedFor(hello);
}
