/**
 * The name of an ordinary flow: one record with one whole hello, that of a web client, at a port where nothing else is
 * expected. TlsParser would learn no more of it, and nearly all of the TLS there is begins so.
 */
import { u16be } from '../../src/bytes/read.ts';
import { ClientHello, readClientHello } from '../framing/client-hello.ts';
import { tellHelloAnomalies } from '../framing/hello-anomalies.ts';
import { alpnSignatures, nameAskedFor } from '../framing/hello-facts.ts';
import { AGE_OF_1_3, versionAge } from '../framing/tls-version.ts';
import { PROXY_PORTS, USUAL_PORTS } from './usual-ports.ts';

const RECORD_HEAD = 5;
const NOTHING = new Uint8Array(0);

/** Of the flow that is looked at, and of none after it: most flows begin so, and each would make one of its own. */
const reused = new ClientHello();

/** Undefined where the parser has to look. */
export function nameOnly(octets: Uint8Array, serverPort: number): string | undefined {
  if (RECORD_HEAD + u16be(octets, 3) !== octets.length) return undefined;
  const isUsual = USUAL_PORTS.includes(serverPort) || PROXY_PORTS.includes(serverPort);
  if (!isUsual) return undefined;
  const hello = readClientHello(octets, RECORD_HEAD, octets.length, false, reused);
  const name = hello && ordinaryName(hello);
  reused.begin(NOTHING);
  return name;
}

function ordinaryName(hello: ClientHello): string | undefined {
  if (!hello.wellFormed) return undefined;
  if (versionAge(hello.version) < AGE_OF_1_3 || alpnSignatures(hello).length > 0) return undefined;
  let isOdd = false;
  tellHelloAnomalies(hello, () => {
    isOdd = true;
  });
  return isOdd ? undefined : nameAskedFor(hello);
}
