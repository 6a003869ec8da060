/**
 * When a file of events is put aside for a new one, and which of those put aside are kept. They are called after the
 * file and the time, so that names sort by time: `events.jsonl` becomes `events-20261126T082000Z.jsonl`.
 */
import { readdirSync, renameSync, type Stats, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { errorCode } from '../cli/user-error.ts';
import type { RotationSettings } from './output-settings.ts';

export class Rotation {
  readonly #file: string;
  readonly #settings: RotationSettings;
  readonly #now: () => number;
  #octets = 0;
  #began = 0;
  #lastTime = '';
  #lastPlace = 0;

  /** `now`: milliseconds since 1970. */
  constructor(file: string, settings: RotationSettings, now: () => number = Date.now) {
    this.#file = file;
    this.#settings = settings;
    this.#now = now;
    this.#began = now();
    this.look();
  }

  /** What stands there now: a run before may have begun it, or somebody else put it aside. */
  look(): void {
    const there = this.#there();
    if (there === 'unknown') return;
    this.#octets = there?.size ?? 0;
    // Where nobody tells when a file was made, its age is counted from its last line.
    const began = there?.birthtimeMs || there?.mtimeMs;
    this.#began = this.#octets > 0 && began !== undefined ? began : this.#now();
  }

  /** unknown: its folder is closed to us, or gone; what was open is written on. */
  #there(): Stats | undefined | 'unknown' {
    try {
      return statSync(this.#file, { throwIfNoEntry: false });
    } catch {
      return 'unknown';
    }
  }

  wrote(octets: number): void {
    this.#octets += octets;
  }

  /** Before `more` octets are written. */
  isDue(more: number): boolean {
    if (this.#octets === 0) return false;
    const { size, every } = this.#settings;
    if (size !== undefined && this.#octets + more > size) return true;
    return every !== undefined && this.#now() - this.#began >= every;
  }

  /** Puts the file aside: whoever writes opens it anew. Throws what the file system says; then it stays. */
  rotate(): void {
    const time = new Date(this.#now()).toISOString().replace(/[-:]|\.\d+/g, '');
    renameSync(this.#file, this.#free(time));
    this.#octets = 0;
    this.#began = this.#now();
    this.#removeOld();
  }

  /** The next name of this second: one that was removed meanwhile is not taken again. */
  #free(time: string): string {
    const { stem, extension } = this.#name();
    const places = this.#aside().filter((aside) => aside.time === time);
    const last = time === this.#lastTime ? this.#lastPlace : 0;
    const place = Math.max(last, ...places.map((aside) => aside.place)) + 1;
    this.#lastTime = time;
    this.#lastPlace = place;
    const number = place === 1 ? '' : `-${place}`;
    return join(dirname(this.#file), `${stem}-${time}${number}${extension}`);
  }

  #removeOld(): void {
    const aside = this.#aside();
    for (const { name } of aside.slice(0, Math.max(0, aside.length - this.#settings.keep))) {
      try {
        unlinkSync(join(dirname(this.#file), name));
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw error;
      }
    }
  }

  /** Files that were put aside, the oldest first. */
  #aside(): Aside[] {
    const { stem, extension } = this.#name();
    const found: Aside[] = [];
    for (const name of readdirSync(dirname(this.#file))) {
      if (!name.startsWith(stem) || !name.endsWith(extension)) continue;
      const parts = ASIDE.exec(name.slice(stem.length, name.length - extension.length));
      if (parts !== null) found.push({ name, time: parts[1] ?? '', place: Number(parts[2] ?? 1) });
    }
    return found.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.place - b.place));
  }

  #name() {
    const extension = extname(this.#file);
    return { stem: basename(this.#file, extension), extension };
  }
}

const ASIDE = /^-(\d{8}T\d{6}Z)(?:-(\d+))?$/;

interface Aside {
  readonly name: string;
  readonly time: string;
  /** Among those of the same second, from 1. */
  readonly place: number;
}
