/** Feeds capture files through an engine, one after the other. What was read before a fault stays read. */
import { basename } from 'node:path';
import { CaptureError, type CaptureSource, type Frame, type FrameSink } from '../capture/frame.ts';

export interface ReplayFile {
  readonly path: string;
  readonly source: CaptureSource;
}

/** An engine, or a bridge around one. */
export interface ReplayTarget extends FrameSink {
  /** Microseconds since 1970 of the last packet. */
  readonly now: number;
  from(capture: string): void;
  finish(): void;
}

/**
 * Files that go on where the one before stopped (a rotated capture) are one recording: flows run
 * on. A file that begins earlier is another recording: the flows of the one before are closed first.
 * Resolves with the faults met, in order; a fault ends its file, not the run.
 */
export async function replay(
  engine: ReplayTarget,
  files: Iterable<ReplayFile>,
  signal?: AbortSignal,
): Promise<CaptureError[]> {
  const faults: CaptureError[] = [];
  for (const { path, source } of files) {
    if (signal?.aborted) break;
    const sink = new RecordingBoundary(engine, path === '-' ? 'standard input' : basename(path));
    try {
      await source.run(sink, signal);
    } catch (fault) {
      if (!(fault instanceof CaptureError)) throw fault;
      faults.push(fault);
    }
  }
  engine.finish();
  return faults;
}

/** Looks at the first frame of a file, then only passes on. */
class RecordingBoundary implements FrameSink {
  readonly #engine: ReplayTarget;
  readonly #name: string;
  #begun = false;

  constructor(engine: ReplayTarget, name: string) {
    this.#engine = engine;
    this.#name = name;
  }

  frame(frame: Frame): void {
    if (!this.#begun) {
      this.#begun = true;
      if ((frame.time[0] ?? 0) < this.#engine.now) this.#engine.finish();
      this.#engine.from(this.#name);
    }
    this.#engine.frame(frame);
  }
}
