/** What a reader of one capture file format is to the driver: sans-io, fed a window of the file. */
import type { FrameSink } from './frame.ts';

export interface CaptureReader {
  /** Frames handed over so far. */
  readonly frames: number;
  /** Octets of the file used so far. */
  readonly offset: number;
  /**
   * Hands over every record that lies whole in buffer[start, end) and answers how many octets it
   * used; the caller brings the rest again, followed by more. A record never needs more than
   * MAX_RECORD octets at a time. Throws CaptureError.
   */
  read(buffer: Uint8Array, start: number, end: number, sink: FrameSink): number;
  /** The file ends, `rest` octets after what was used. Throws CaptureError if it is cut off. */
  finish(rest: number): void;
}

/** What is known of a file before its first record. */
export interface CaptureOrigin {
  /** The file's name as the user gave it, for messages. */
  readonly name: string;
  /** Frames of the run before this file: its first frame is the next number. */
  readonly framesBefore: number;
}

/** Octets that one packet may have even if the file announces less: libpcap's largest snap length. */
const USUAL_SNAPLEN = 256 * 1024;

/** Octets of the largest record: a file that announces more is taken for corrupt, not for memory. */
export const MAX_RECORD = 2 * 1024 * 1024;

/** Octets a packet may have in a file that announces `snaplen` (int32; 0 and below: no limit). */
export function packetLimit(snaplen: number): number {
  const room = MAX_RECORD - 1024; // the record's own header and options
  if (snaplen < 0 || snaplen > room) return room;
  return Math.max(snaplen, USUAL_SNAPLEN);
}
