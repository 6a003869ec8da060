/** Runs the engine over frames or a capture file and keeps everything it said. */
import type { CaptureError } from '../../src/capture/frame.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { ServiceCatalogue } from '../../src/inspect/service-catalogue.ts';
import type { Limits } from '../../src/limits.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { feedFrames, loadCapture, type StoredFrame } from './frames.ts';

export interface Replay {
  readonly events: readonly ImEvent[];
  readonly counters: Engine['counters'];
  /** Frames fed. */
  readonly frames: number;
  /** What was wrong with the file, if anything. */
  readonly error: CaptureError | undefined;
}

export function replayFrames(
  frames: readonly StoredFrame[],
  limits?: Limits,
  services?: ServiceCatalogue,
): Replay {
  const events: ImEvent[] = [];
  const engine = new Engine({
    mode: 'replay',
    followContent: true,
    onEvent: (event) => events.push(event),
    ...(limits ? { limits } : {}),
    ...(services ? { services } : {}),
  });
  feedFrames(frames, engine);
  engine.finish();
  return { events, counters: engine.counters, frames: frames.length, error: undefined };
}

export async function replayFile(path: string, services?: ServiceCatalogue): Promise<Replay> {
  const { frames, error } = await loadCapture(path);
  return { ...replayFrames(frames, undefined, services), error };
}
