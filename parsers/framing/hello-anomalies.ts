/** Odd things about a ClientHello, named alike wherever it came from: counted, and matched by rules. */
import type { ClientHello } from './client-hello.ts';

export const HelloAnomaly = {
  /** A server name that DNS could not know: an IP address, an octet that no name has, too long. */
  SniInvalid: 'sni-invalid',
  /** A second server name: who looks at the other one sees another host. */
  SniDuplicate: 'sni-duplicate',
  /** An extension that is read came twice (RFC 8446 §4.2 forbids it); the first counts. */
  ExtensionDuplicate: 'client-hello-extension-duplicate',
  /** Lengths that do not fit; read as far as they do. */
  Malformed: 'client-hello-malformed',
} as const;
export type HelloAnomaly = (typeof HelloAnomaly)[keyof typeof HelloAnomaly];

export function tellHelloAnomalies(hello: ClientHello, tell: (name: HelloAnomaly) => void): void {
  if (hello.sniInvalid) tell(HelloAnomaly.SniInvalid);
  if (hello.sniTwice) tell(HelloAnomaly.SniDuplicate);
  if (hello.extensionTwice) tell(HelloAnomaly.ExtensionDuplicate);
  if (!hello.wellFormed) tell(HelloAnomaly.Malformed);
}
