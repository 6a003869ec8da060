/** Opens an interface with the backend that is asked for, or with the best that works here. */
import { UnsupportedByKernel } from './afpacket/packet-socket.ts';
import { TapRing } from './afpacket/tap-ring.ts';
import { CaptureError } from './frame.ts';
import type { CaptureBackend, LiveSource, LiveSourceOptions } from './live-source.ts';
import { libcFault } from './native/libc.ts';
import { openCap } from './portable/open-cap.ts';
import { openPcap } from './portable/open-pcap.ts';
import { BackendMissing } from './portable/optional-package.ts';

export interface OpenedLive {
  readonly source: LiveSource;
  /** What the user should know of the choice: why not a better backend, what this one cannot do. */
  readonly remark: string | undefined;
}

/** Best first. */
const BEST: readonly CaptureBackend[] = ['afpacket', 'pcap', 'cap'];

/** What a backend cannot do that the ring can. */
const WEAKNESS: Readonly<Record<CaptureBackend, string | undefined>> = {
  afpacket: undefined,
  pcap: 'a packet costs more than with afpacket, and capturing ends when the interface goes down',
  cap:
    'a packet costs several times more than with afpacket, lost packets are not counted, and capturing ' +
    'ends when the interface goes down',
};

/** Rejects with CaptureError. */
export async function openLive(
  backend: CaptureBackend | 'auto',
  options: LiveSourceOptions,
): Promise<OpenedLive> {
  const reasons: string[] = [];
  for (const candidate of backend === 'auto' ? BEST : [backend]) {
    try {
      const source = OPENERS[candidate](options);
      const weakness = WEAKNESS[candidate];
      const remarks = weakness === undefined ? reasons : [...reasons, weakness];
      return { source, remark: remarks.length === 0 ? undefined : remarks.join('; ') };
    } catch (error) {
      if (!(error instanceof BackendMissing)) throw error;
      reasons.push(`${candidate}: ${error.message}`);
    }
  }
  const what = `it cannot be listened to: ${reasons.join('; ')}`;
  throw new CaptureError(options.interfaceName, 0, 0, what);
}

const OPENERS: Readonly<Record<CaptureBackend, (options: LiveSourceOptions) => LiveSource>> = {
  afpacket: openRing,
  pcap: openPcap,
  cap: openCap,
};

function openRing(options: LiveSourceOptions): LiveSource {
  if (process.platform !== 'linux') throw new BackendMissing('it needs Linux');
  const fault = libcFault();
  if (fault !== undefined) throw new BackendMissing(fault);
  try {
    return new TapRing(options);
  } catch (error) {
    if (error instanceof UnsupportedByKernel) throw new BackendMissing(error.message);
    throw error;
  }
}

/**
 * Why a ring cannot be had on this system at all, asked by opening a small one; undefined: it can, or what
 * stands in its way is of this interface or user, and of every backend.
 */
export function ringRefusal(interfaceName: string): string | undefined {
  try {
    openRing({ ...SMALLEST, interfaceName }).close();
  } catch (error) {
    if (error instanceof BackendMissing) return error.message;
  }
  return undefined;
}

const SMALLEST: Omit<LiveSourceOptions, 'interfaceName'> = {
  filter: undefined,
  ringOctets: 0,
  snapLength: 64,
  promiscuous: false,
  fanoutGroup: undefined,
  hardwareTime: false,
};
