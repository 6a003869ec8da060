/** The writer's part in keeping files: now and then, between batches of events, it takes what waits in `incoming/`. */
import { systemErrorText } from '../../cli/user-error.ts';
import type { Archive } from '../archive.ts';
import type { Appender } from '../record/appender.ts';
import type { FileLimits } from './incoming-folder.ts';
import { FileTakeOver, type TellAside } from './take-over.ts';
import { NOTHING_TAKEN, type TakeOverCounters } from './take-over-counters.ts';

/** Milliseconds between two looks into the folder. */
const EVERY = 1000;

export class FileStep {
  /** What the disk refused last, or why a sealed file waits, in the user's words; undefined: nothing since then. */
  fault: string | undefined;
  limits: FileLimits;
  readonly #counters: TakeOverCounters = { ...NOTHING_TAKEN };
  #archive: Archive | undefined;
  #takeOver: FileTakeOver | undefined;
  #next = 0;
  readonly #tellAside: TellAside;

  constructor(limits: FileLimits, tellAside?: TellAside) {
    this.limits = limits;
    this.#tellAside = tellAside ?? (() => undefined);
  }

  get counters(): Readonly<TakeOverCounters> {
    return this.#counters;
  }

  /**
   * True: something was taken, ask again soon. `drained`: all events that were seen are records; `last`: do not
   * wait for the next look. Rejects where the database fails; a disk that refuses is told in `fault`.
   */
  async take(
    { archive, appender }: { readonly archive: Archive; readonly appender: Appender },
    { drained, last = false }: { readonly drained: boolean; readonly last?: boolean },
  ): Promise<boolean> {
    const now = performance.now();
    if (now < this.#next && !last) return false;
    this.#next = now + EVERY;
    try {
      if (this.#takeOver === undefined || this.#archive !== archive) {
        this.#archive = archive;
        this.#takeOver = new FileTakeOver(
          archive,
          this.limits,
          appender,
          this.#counters,
          this.#tellAside,
        );
      }
      this.#takeOver.limits = this.limits;
      const { taken, left } = await this.#takeOver.run(drained);
      this.fault = this.#takeOver.locked;
      if (taken > 0 && left) this.#next = 0;
      return taken > 0;
    } catch (error) {
      const why = systemErrorText(error);
      if (why === undefined) throw error;
      this.fault = `${archive.target.home}: files cannot be kept there: ${why}`;
      return false;
    }
  }
}
