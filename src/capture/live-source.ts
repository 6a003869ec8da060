/** Frames of a live interface, until it is closed. What a tap reads; the same for every backend. */
import type { Holding } from './afpacket/holding.ts';
import type { FrameSink } from './frame.ts';

export type CaptureBackend = 'afpacket' | 'cap' | 'pcap';

/** Since the source was opened. */
export interface LiveCounters {
  /** Frames that the kernel saw for us, those it dropped included. */
  readonly received: number;
  /** Frames that the kernel dropped because the ring or buffer was full. */
  readonly dropped: number;
  /** Times the ring was full (TPACKET_V3), or 0. */
  readonly frozen: number;
  /** Times the interface went down. */
  readonly downs: number;
  readonly up: boolean;
  /** How full the ring is, 0 to 1. */
  readonly fill: number;
}

/** Seconds since the source began to run. */
export interface SourceStages {
  /** Nothing was there to be read. */
  readonly wait: number;
  /** In the sink, and in what it takes to feed it. */
  readonly inspect: number;
}

export interface LiveSource {
  readonly backend: CaptureBackend;
  readonly interfaceName: string;
  /**
   * Feeds frames to `sink` until `close`. Between batches, and at least every 50 ms, it calls `turn`:
   * there the caller takes control messages, swaps rules, reads counters. Where it answers true it has
   * work left and is called again after the next batch, without waiting. May block the thread between.
   * Rejects with CaptureError when the source is lost for good (the interface was removed).
   */
  run(sink: FrameSink, turn: () => unknown): Promise<void>;
  counters(): LiveCounters;
  readonly stages: SourceStages;
  close(): void;
  /** What it holds of the kernel, for whoever survives its thread; absent: nothing. */
  holdings?(): Holding[];
}

export interface LiveSourceOptions {
  readonly interfaceName: string;
  /** pcap filter expression, applied by the kernel; undefined: everything. */
  readonly filter: string | undefined;
  /** Octets of ring or buffer. */
  readonly ringOctets: number;
  /** Octets kept of a frame. */
  readonly snapLength: number;
  readonly promiscuous: boolean;
  /** Shares the interface's flows between sources of the same group (PACKET_FANOUT); AF_PACKET only. */
  readonly fanoutGroup: number | undefined;
  /** Hardware time stamps where the interface gives them; kernel ones otherwise. */
  readonly hardwareTime: boolean;
}
