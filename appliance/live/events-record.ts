/** The record of events of a running gateway: into a file that may become another one at a reload, or into none. */
import { refuseInput } from '../cli/events-file.ts';
import type { GatewaySettings } from '../config/settings.ts';
import { type Change, type Changeable, NO_CHANGE } from './change-over.ts';
import type { EventsSink } from './event-pump.ts';
import { EventsOut, type EventsOutOptions } from './events-out.ts';

export interface EventsRecordOptions extends EventsOutOptions {
  /** What was read at the last load: events are not added to it. */
  readonly inputs: () => readonly string[];
}

export class EventsRecord implements EventsSink, Changeable {
  readonly #options: EventsRecordOptions;
  #path: string | undefined;
  #out: EventsOut | undefined;
  /** Lines lost of files that were written to before. */
  #lostBefore = 0;

  /** Throws UserError. */
  constructor(path: string | undefined, options: EventsRecordOptions) {
    this.#options = options;
    this.#path = path;
    this.#out = this.#open(path);
  }

  get lost(): number {
    return this.#lostBefore + (this.#out?.lost ?? 0);
  }

  async write(lines: Uint8Array): Promise<void> {
    await this.#out?.write(lines);
  }

  /** The file may have been renamed away. */
  reopen(): void {
    this.#out?.reopen();
  }

  /** Into the new file from the next line on; the old one is closed after its last. */
  async prepare({ eventsFile }: GatewaySettings): Promise<Change> {
    if (eventsFile === this.#path) {
      return { ...NO_CHANGE, commit: () => this.reopen() };
    }
    const next = this.#open(eventsFile);
    return {
      commit: () => {
        if (this.#out !== undefined) this.#retire(this.#out);
        this.#path = eventsFile;
        this.#out = next;
      },
      discard: () => void next?.close(),
    };
  }

  close(): void {
    void this.#out?.close();
  }

  #retire(out: EventsOut): void {
    const { lost } = out;
    this.#lostBefore += lost;
    void out.close().then(() => {
      this.#lostBefore += out.lost - lost; // of its last lines
    });
  }

  #open(path: string | undefined): EventsOut | undefined {
    if (path === undefined) return undefined;
    if (path !== '-') refuseInput(path, this.#options.inputs(), 'events', 'events');
    return new EventsOut(path, this.#options);
  }
}
