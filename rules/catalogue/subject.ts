/** What one may ask a catalogue about, in words: a host, an address, a signature. */
import type { ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import { parseAddress, splitEndpoint } from '../lists/cidr.ts';
import type { Transport } from './catalogue.ts';
import type { CompiledServices } from './compiled-services.ts';

export type Subject =
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'signature'; readonly name: string }
  | {
      readonly kind: 'address';
      readonly words: Int32Array;
      readonly port: number;
      readonly transport: Transport;
    };

const PORT = 443;
/** Copied from a browser: what stands around the host says nothing of whose it is. */
const URL_AROUND_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*).*$/;

/**
 * `mmg.whatsapp.net`, a URL of it, `irc.libera.chat:6697`, `149.154.167.50`, `[2001:67c:4e8::1]:443/udp`, or the name of a signature
 * that is one of `signatures`. Without port: of a name any, of an address 443 over TCP.
 */
export function readSubject(text: string, isSignature: (name: string) => boolean): Subject {
  const name = text.trim();
  if (isSignature(name)) return { kind: 'signature', name };
  const written = name.toLowerCase().replace(URL_AROUND_HOST, '$1');
  const [place = '', transport] = written.split('/');
  const bare = parseAddress(place.replace(/^\[(.*)\]$/, '$1'));
  const end = bare === undefined ? splitEndpoint(place) : { address: place, port: -1 };
  const words = bare ?? parseAddress(end.address);
  if (words !== undefined) {
    const port = end.port < 0 ? PORT : end.port;
    return { kind: 'address', words, port, transport: transport === 'udp' ? 'udp' : 'tcp' };
  }
  const host = end.port < 0 ? place : end.address;
  return { kind: 'host', host: host.replace(/\.$/, ''), port: Math.max(0, end.port) };
}

export function answer(services: CompiledServices, subject: Subject): ServiceMatch | undefined {
  switch (subject.kind) {
    case 'host':
      return services.byHost(subject.host, subject.port);
    case 'signature':
      return services.bySignature(subject.name);
    case 'address': {
      const { words, port, transport } = subject;
      // The flow table has IPv4 in the last word alone.
      const isV4 = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
      const high = isV4 ? new Int32Array(3) : words;
      return services.byAddress(high, 0, words[3] ?? 0, port, transport);
    }
  }
}
