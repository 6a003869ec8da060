/** The package `cap`: one callback and one copy a packet, no time stamps and no count of drops. */
import { CaptureError } from '../frame.ts';
import type { LiveSource, LiveSourceOptions } from '../live-source.ts';
import { isUp } from './is-up.ts';
import { linkTypeNamed } from './link-type-named.ts';
import { loadOptional } from './optional-package.ts';
import { PortableSource } from './portable-source.ts';

interface Cap {
  open(device: string, filter: string, bufferOctets: number, packet: Buffer): string;
  setMinBytes?(octets: number): void;
  on(event: 'packet', listener: (octets: number, truncated: boolean) => void): void;
  close(): void;
}

/** What the package itself asks libpcap for. */
const PACKET_OCTETS = 65535;

/**
 * Every one that was made: the addon leaves its handle in the event loop when it closes, and the loop would
 * read freed memory once the object was collected.
 */
const made: Cap[] = [];

/** Throws CaptureError, or BackendMissing. */
export function openCap(options: LiveSourceOptions): LiveSource {
  const { interfaceName, filter, ringOctets, snapLength } = options;
  const { Cap } = loadOptional('cap') as { Cap: new () => Cap };
  const cap = new Cap();
  made.push(cap);
  const packet = Buffer.alloc(PACKET_OCTETS);
  let linkType: number | undefined;
  try {
    const name = cap.open(interfaceName, filter ?? '', ringOctets, packet);
    linkType = linkTypeNamed(name);
    if (linkType === undefined) throw new Error(`frames of ${name} cannot be read`);
    cap.setMinBytes?.(0);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new CaptureError(interfaceName, 0, 0, `cap cannot open it: ${what}`);
  }
  const source = new PortableSource('cap', interfaceName, linkType, {
    close: () => cap.close(),
    isUp: () => isUp(interfaceName),
    dropped: () => 0,
  });
  cap.on('packet', (octets) => {
    source.deliver(packet, Math.min(octets, snapLength), octets, Date.now() * 1000);
  });
  return source;
}
