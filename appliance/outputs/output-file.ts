/**
 * One output of a running gateway: lines wait in a bounded queue and are formatted, written and rotated beside
 * everything else. What finds no room is lost and counted: an output never holds up the archive, the events file or
 * the wire.
 */

import type { EventsSink } from '../live/event-pump.ts';
import { EventsOut, type EventsOutOptions, linesIn } from '../live/events-out.ts';
import type { EcsObserver } from './ecs/ecs-event.ts';
import { type FormatLine, lineFormat } from './format-lines.ts';
import type { OutputSettings } from './output-settings.ts';
import { Rotation } from './rotation.ts';

/** Octets formatted at a time: bounds how long the main thread is busy with them. */
const PART = 64 * 1024;

export interface OutputStatus {
  readonly file: string;
  readonly format: OutputSettings['format'];
  readonly written: number;
  readonly lost: number;
  /** Octets that wait. */
  readonly queued: number;
  readonly rotations: number;
}

export class OutputFile implements EventsSink {
  readonly settings: OutputSettings;
  readonly #out: EventsOut;
  readonly #rotation: Rotation;
  readonly #format: FormatLine;
  readonly #log: EventsOutOptions['log'];
  readonly #queue: Buffer[] = [];
  #queued = 0;
  #written = 0;
  #refused = 0;
  #rotations = 0;
  /** What the file system said to the last rotation that failed. */
  #fault: string | undefined = undefined;
  #running: Promise<void> | undefined = undefined;

  /** Throws UserError. */
  constructor(settings: OutputSettings, observer: EcsObserver, options: EventsOutOptions) {
    this.settings = settings;
    this.#log = options.log;
    this.#out = new EventsOut(settings.file, options);
    this.#rotation = new Rotation(settings.file, settings.rotate);
    this.#format = lineFormat(settings, observer);
  }

  /** Events that never reached the file. */
  get lost(): number {
    return this.#refused + this.#out.lost;
  }

  get status(): OutputStatus {
    const { file, format } = this.settings;
    const { lost } = this;
    const written = this.#written - this.#out.lost;
    return { file, format, written, lost, queued: this.#queued, rotations: this.#rotations };
  }

  /** Takes a copy: resolves at once. */
  async write(lines: Uint8Array): Promise<void> {
    if (this.#queued + lines.length > this.settings.queue) {
      this.#refused += linesIn(lines, 0);
      return;
    }
    this.#queue.push(Buffer.from(lines));
    this.#queued += lines.length;
    this.#running ??= this.#run();
  }

  /** The file may have been renamed away. */
  reopen(): void {
    this.#out.reopen();
    this.#rotation.look();
  }

  /** Resolves when what waits is written or lost. */
  async close(): Promise<void> {
    await this.#running;
    await this.#out.close();
  }

  async #run(): Promise<void> {
    for (let lines = this.#queue[0]; lines !== undefined; lines = this.#queue[0]) {
      for (let at = 0; at < lines.length; ) {
        const end = endOfPart(lines, at);
        await this.#put(lines.subarray(at, end));
        at = end;
        await new Promise((resolve) => setImmediate(resolve));
      }
      this.#queue.shift();
      this.#queued -= lines.length;
    }
    this.#running = undefined;
  }

  async #put(lines: Buffer): Promise<void> {
    let text = '';
    let count = 0;
    for (const line of lines.toString('utf8').split('\n')) {
      if (line === '') continue;
      const made = this.#formatted(line);
      if (made === undefined) continue;
      text += `${made}\n`;
      count += 1;
    }
    const octets = Buffer.from(text);
    if (this.#rotation.isDue(octets.length)) this.#rotate();
    await this.#out.write(octets);
    this.#rotation.wrote(octets.length);
    this.#written += count;
  }

  /** Undefined: it is no event of ours, and lost; those behind it are not. */
  #formatted(line: string): string | undefined {
    try {
      return this.#format(line);
    } catch {
      this.#refused += 1;
      return undefined;
    }
  }

  #rotate(): void {
    try {
      this.#rotation.rotate();
      this.#rotations += 1;
      this.#fault = undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== this.#fault) {
        this.#log.error(`${this.settings.file}: cannot be rotated: ${why}; it grows on`);
      }
      this.#fault = why;
    }
    this.#out.reopen();
  }
}

/** After a line, about PART octets on. */
function endOfPart(lines: Buffer, at: number): number {
  if (lines.length - at <= PART) return lines.length;
  const cut = lines.lastIndexOf(0x0a, at + PART);
  if (cut > at) return cut + 1;
  const next = lines.indexOf(0x0a, at + PART);
  return next === -1 ? lines.length : next + 1;
}
