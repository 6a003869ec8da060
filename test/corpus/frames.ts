/** Captures in memory: frames that tests cut, merge, reorder and mutate before they feed them. */

import { openCaptureFile } from '../../src/capture/capture-file.ts';
import { CaptureError, Frame, type FrameSink } from '../../src/capture/frame.ts';

export interface StoredFrame {
  readonly octets: Uint8Array;
  /** Octets on the wire. */
  readonly originalLength: number;
  readonly linkType: number;
  /** Microseconds since 1970. */
  readonly time: number;
}

export interface StoredCapture {
  readonly frames: readonly StoredFrame[];
  /** What was wrong with the file, if anything: the frames before it are there. */
  readonly error: CaptureError | undefined;
}

export async function loadCapture(path: string): Promise<StoredCapture> {
  const frames: StoredFrame[] = [];
  const sink: FrameSink = { frame: (frame) => frames.push(copyOf(frame)) };
  try {
    await openCaptureFile(path).run(sink);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return { frames, error };
  }
  return { frames, error: undefined };
}

function copyOf(frame: Frame): StoredFrame {
  return {
    octets: frame.buffer.slice(frame.start, frame.end),
    originalLength: frame.originalLength,
    linkType: frame.linkType,
    time: frame.time[0] ?? 0,
  };
}

/** Feeds frames as a capture source would: one frame object, its octets lent for the call. */
export function feedFrames(frames: Iterable<StoredFrame>, sink: FrameSink): void {
  const frame = new Frame();
  for (const stored of frames) {
    frame.buffer = stored.octets;
    frame.start = 0;
    frame.end = stored.octets.length;
    frame.originalLength = stored.originalLength;
    frame.linkType = stored.linkType;
    frame.number++;
    frame.time[0] = stored.time;
    sink.frame(frame);
  }
}
