/** Replay: capture files through the engine, judged by a policy; nothing enforced, or as a bridge would. */
import { type CaptureProgress, openCaptureFile } from '../../src/capture/capture-file.ts';
import type { CaptureError } from '../../src/capture/frame.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { ContentSink } from '../../src/inspect/content/content-sink.ts';
import type { ServiceCatalogue } from '../../src/inspect/service-catalogue.ts';
import type { EngineCounters } from '../../src/pipeline/counters.ts';
import { Engine, type EngineOptions } from '../../src/pipeline/engine.ts';
import {
  type FrameWriter,
  InlineReplay,
  type InlineReplayCounters,
} from '../../src/pipeline/inline-replay.ts';
import { type ReplayFile, replay } from '../../src/pipeline/replay.ts';
import type { Judge } from '../../src/verdict/judge.ts';
import { LinkTypeWatch } from './link-type-watch.ts';

export interface ReplayOptions {
  /** Paths; '-' is standard input. */
  readonly captures: readonly string[];
  readonly judge: Judge;
  /** Makes services of hosts, signatures and addresses. */
  readonly services: ServiceCatalogue;
  readonly checksums: boolean;
  readonly followContent: boolean;
  /** Keeps the files that were transferred. */
  readonly contentSink: ContentSink | undefined;
  /** Puts the people behind the accounts into each event. */
  readonly namePeople: ((event: ImEvent) => void) | undefined;
  /** Flows in the table; undefined: the engine's own limit. */
  readonly maxFlows: number | undefined;
  readonly onEvent: (event: ImEvent) => void;
  /** Hears what a bridge would have forwarded; undefined: nothing is enforced. */
  readonly write?: FrameWriter | undefined;
}

/** How far the file in hand has been read, and what the run has come to. */
export interface ReplayProgress extends CaptureProgress {
  readonly name: string;
  readonly packets: number;
  readonly events: number;
}

export class ReplayRun {
  readonly #options: ReplayOptions;
  readonly #engine: Engine | InlineReplay;
  #current: { name: string; source: ReturnType<typeof openCaptureFile> } | undefined;
  #events = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    const engineOptions: EngineOptions = {
      mode: options.write === undefined ? 'replay' : 'inline',
      judge: options.judge,
      services: options.services,
      checksums: options.checksums,
      followContent: options.followContent,
      contentSink: options.contentSink,
      namePeople: options.namePeople,
      ...(options.maxFlows === undefined ? {} : { limits: { flows: options.maxFlows } }),
      onEvent: (event) => {
        this.#events += 1;
        options.onEvent(event);
      },
    };
    this.#engine =
      options.write === undefined
        ? new Engine(engineOptions)
        : new InlineReplay(engineOptions, options.write);
  }

  /** Resolves with what was wrong with the captures; an abort ends the run early. */
  run(signal: AbortSignal): Promise<CaptureError[]> {
    return replay(this.#engine, this.#files(), signal);
  }

  get counters(): EngineCounters {
    return this.#engine.counters;
  }

  /** What a bridge did with the packets; undefined where nothing was enforced. */
  get inline(): InlineReplayCounters | undefined {
    return this.#engine instanceof InlineReplay ? this.#engine.inline : undefined;
  }

  get progress(): ReplayProgress | undefined {
    if (this.#current === undefined) return undefined;
    const { name, source } = this.#current;
    const { frames } = this.#engine.counters;
    return { ...source.progress(), name, packets: frames, events: this.#events };
  }

  /** Made one by one: a capture file takes a window of memory from its opening to its end. */
  *#files(): Iterable<ReplayFile> {
    for (const path of this.#options.captures) {
      const source = openCaptureFile(path);
      const name = path === '-' ? 'standard input' : path;
      this.#current = { name, source };
      yield { path, source: new LinkTypeWatch(name, source) };
    }
  }
}
