/** A captured frame as every capture source hands it over: one object, reused for each frame. */
export class Frame {
  /** Lent for the call of `FrameSink.frame`. */
  buffer: Uint8Array = new Uint8Array(0);
  /** Captured octets are buffer[start, end). */
  start = 0;
  end = 0;
  /** Octets on the wire; more than end - start where the capture was cut (snap length). */
  originalLength = 0;
  /** LINKTYPE_ value (tcpdump.org/linktypes.html). */
  linkType = 0;
  /**
   * Where the frame's virtio_net_hdr (VIRTIO_HEADER octets, linux/virtio_net.h) stands in `buffer`, or
   * -1: its checksum may be partial and the frame larger than the MTU (segmentation offload).
   */
  virtio = -1;
  /** Counted from 1 over all files of a run. */
  number = 0;
  /** Microseconds since 1970 in [0]: a typed array, because a double field passed on would be boxed. */
  readonly time: Float64Array = new Float64Array(1);
}

/** Octets of struct virtio_net_hdr as AF_PACKET uses it (PACKET_VNET_HDR). */
export const VIRTIO_HEADER = 10;

export interface FrameSink {
  frame(frame: Frame): void;
}

/** Something that yields frames until it ends. */
export interface CaptureSource {
  /**
   * Feeds every frame to `sink`, in order; resolves at the end.
   * Rejects with CaptureError; what was fed before the fault stays fed.
   */
  run(sink: FrameSink, signal?: AbortSignal): Promise<void>;
}

/** What was wrong with a capture, where, and what to do: one line for the user. */
export class CaptureError extends Error {
  readonly source: string;
  /** Frames read before the fault. */
  readonly frames: number;
  /** Octet offset in the (uncompressed) file. */
  readonly offset: number;

  constructor(source: string, frames: number, offset: number, what: string) {
    const place = offset === 0 ? '' : ` after packet ${frames}, at octet ${offset}:`;
    super(`${source}:${place} ${what}`);
    this.name = 'CaptureError';
    this.source = source;
    this.frames = frames;
    this.offset = offset;
  }
}
