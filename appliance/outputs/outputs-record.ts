/** All outputs of a running gateway; a reload opens, closes and exchanges them, all or none. */
import { refuseInput } from '../cli/events-file.ts';
import type { GatewaySettings } from '../config/settings.ts';
import type { Change, Changeable } from '../live/change-over.ts';
import type { EventsSink } from '../live/event-pump.ts';
import type { EventsOutOptions } from '../live/events-out.ts';
import type { EcsObserver } from './ecs/ecs-event.ts';
import { OutputFile, type OutputStatus } from './output-file.ts';
import type { OutputSettings } from './output-settings.ts';

export interface OutputsOptions extends EventsOutOptions {
  readonly observer: EcsObserver;
  /** What was read at the last load: events are not added to it. */
  readonly inputs: () => readonly string[];
}

export class OutputsRecord implements EventsSink, Changeable {
  readonly #options: OutputsOptions;
  #outputs: readonly OutputFile[] = [];

  /** Throws UserError. */
  constructor(settings: readonly OutputSettings[], options: OutputsOptions) {
    this.#options = options;
    this.#outputs = this.#opened(settings, []);
  }

  get status(): readonly OutputStatus[] {
    return this.#outputs.map(({ status }) => status);
  }

  async write(lines: Uint8Array): Promise<void> {
    for (const output of this.#outputs) await output.write(lines);
  }

  /** The files may have been renamed away. */
  reopen(): void {
    for (const output of this.#outputs) output.reopen();
  }

  async prepare({ outputs }: GatewaySettings): Promise<Change> {
    const before = this.#outputs;
    const next = this.#opened(outputs, before);
    return {
      commit: () => {
        this.#outputs = next;
        this.reopen();
        for (const output of before) if (!next.includes(output)) void output.close();
      },
      discard: async () => {
        for (const output of next) if (!before.includes(output)) await output.close();
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#outputs.map((output) => output.close()));
  }

  /** Those of `before` that stay as they are, and new ones. */
  #opened(settings: readonly OutputSettings[], before: readonly OutputFile[]): OutputFile[] {
    return settings.map((one) => {
      const same = before.find((output) => isSame(output.settings, one));
      if (same !== undefined) return same;
      refuseInput(one.file, this.#options.inputs(), 'events', 'events');
      return new OutputFile(one, this.#options.observer, this.#options);
    });
  }
}

function isSame(a: OutputSettings, b: OutputSettings): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
