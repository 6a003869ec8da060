/** The package `pcap` (node-pcap): libpcap's time stamps and drop counts, one callback and one copy a packet. */
import { CaptureError } from '../frame.ts';
import type { LiveSource, LiveSourceOptions } from '../live-source.ts';
import { isUp } from './is-up.ts';
import { linkTypeNamed } from './link-type-named.ts';
import { loadOptional } from './optional-package.ts';
import { PortableSource } from './portable-source.ts';

interface Packet {
  readonly buf: Uint8Array;
  /** Little-endian: seconds(4) microseconds(4) captured(4) original(4). */
  readonly header: Buffer;
}

interface PcapSession {
  readonly link_type: string;
  /** The addon's session: calls this when its descriptor is readable. */
  readonly session: { readonly read_callback: () => void };
  on(event: 'packet', listener: (packet: Packet) => void): void;
  stats(): { readonly ps_drop: number };
  close(): void;
}

interface Pcap {
  /** Hears what libpcap finds odd; the package's own writes to standard error. */
  warningHandler: (text: string) => void;
  createSession(
    device: string,
    options: {
      filter: string;
      buffer_size: number;
      snap_length: number;
      promiscuous: boolean;
      buffer_timeout: number;
    },
  ): PcapSession;
}

/** Milliseconds that libpcap may gather packets. */
const BUFFER_TIMEOUT = 10;

/**
 * Every one that was made: the addon leaves its handle in the event loop when it closes, and the loop would
 * read freed memory once the object was collected.
 */
const made: PcapSession[] = [];

/** Throws CaptureError, or BackendMissing. */
export function openPcap(options: LiveSourceOptions): LiveSource {
  const { interfaceName, filter, ringOctets, snapLength, promiscuous } = options;
  const pcap = loadOptional('pcap') as Pcap;
  pcap.warningHandler = () => {};
  let session: PcapSession;
  try {
    session = pcap.createSession(interfaceName, {
      filter: filter ?? '',
      buffer_size: ringOctets,
      snap_length: snapLength,
      promiscuous,
      buffer_timeout: BUFFER_TIMEOUT,
    });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new CaptureError(interfaceName, 0, 0, `pcap cannot open it: ${what}`);
  }
  made.push(session);
  const linkType = linkTypeNamed(session.link_type);
  if (linkType === undefined) {
    end(session);
    const what = `frames of ${session.link_type} cannot be read`;
    throw new CaptureError(interfaceName, 0, 0, what);
  }
  const source = new PortableSource('pcap', interfaceName, linkType, {
    close: () => end(session),
    isUp: () => isUp(interfaceName),
    dropped: () => session.stats().ps_drop,
  });
  session.on('packet', ({ buf, header }) => {
    const time = header.readUInt32LE(0) * 1e6 + header.readUInt32LE(4);
    source.deliver(buf, header.readUInt32LE(8), header.readUInt32LE(12), time);
  });
  return source;
}

/** The package closes when its descriptor is next readable, which may be never: this makes it look. */
function end(session: PcapSession): void {
  const look = session.session.read_callback;
  // Not at once: the package has put a first look on the next tick, which must still find the session open.
  setImmediate(() => {
    session.close();
    look();
  });
}
