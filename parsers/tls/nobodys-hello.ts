/**
 * The ordinary flow, told by its first segment: one record with one whole hello, that of a web client, at a port where
 * nothing else is expected, for a name of nobody's. TlsParser would learn no more of it, and nearly all of the TLS
 * there is begins so: nothing is made for it, not even its name.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Direction, type NameBook, Probe } from '../contract.ts';
import { ClientHello, readClientHello } from '../framing/client-hello.ts';
import { isEchPublicName, mayBeEchPublicName } from '../framing/ech-names.ts';
import { alpnSignatures } from '../framing/hello-facts.ts';
import { AGE_OF_1_3, versionAge } from '../framing/tls-version.ts';
import { probeRecord } from './probe.ts';
import { PROXY_PORTS, USUAL_PORTS } from './usual-ports.ts';

const RECORD_HEAD = 5;
const NOTHING = new Uint8Array(0);
const PORTS = new Uint8Array(65_536);
for (const port of [...USUAL_PORTS, ...PROXY_PORTS]) PORTS[port] = 1;

/** Of the flow that is looked at, and of none after it: most flows begin so, and each would make one of its own. */
const reused = new ClientHello();

/** False where the parser has to look, or where it is not TLS. */
export function isNobodysHello(
  buffer: Uint8Array,
  start: number,
  end: number,
  serverPort: number,
  names: NameBook,
): boolean {
  if (PORTS[serverPort] !== 1 || start + RECORD_HEAD + u16be(buffer, start + 3) !== end)
    return false;
  if (probeRecord(Direction.ToServer, buffer, start, end) !== Probe.Yes) return false;
  const hello = readClientHello(buffer, start + RECORD_HEAD, end, false, reused);
  const answer =
    hello !== undefined &&
    isOrdinary(hello) &&
    !names.knows(buffer, hello.name.start, hello.name.end, serverPort);
  reused.begin(NOTHING);
  return answer;
}

/** A web client's, in which only its name could tell anything. */
function isOrdinary(hello: ClientHello): boolean {
  if (!hello.wellFormed || hello.sniTwice || hello.extensionTwice || !hello.hasName) return false;
  if (versionAge(hello.version) < AGE_OF_1_3) return false;
  if (!hello.offersOnlyWeb && alpnSignatures(hello).length > 0) return false;
  const { start, end } = hello.name;
  return !hello.ech || !mayBeEchPublicName(end - start) || !isEchPublicName(hello.sni ?? '');
}
