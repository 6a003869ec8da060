/**
 * Reads fields one after the other. A field beyond the end reads as 0 or nothing, and from then on
 * `failed` is set: handlers read all they need, then ask once.
 */
import { i32be, i32le, u16be, u16le } from '../../src/bytes/read.ts';
import { screenName } from './screen-name.ts';

const NOTHING = new Uint8Array(0);

export class Cursor {
  buffer: Uint8Array = NOTHING;
  at = 0;
  end = 0;
  failed = false;

  over(buffer: Uint8Array, start: number, end: number): this {
    this.buffer = buffer;
    this.at = start;
    this.end = end;
    this.failed = false;
    return this;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Passes over `octets` and tells where they began. */
  skip(octets: number): number {
    const start = this.at;
    if (octets > this.end - start) {
      this.failed = true;
      this.at = this.end;
      return this.end;
    }
    this.at = start + octets;
    return start;
  }

  u8(): number {
    const at = this.skip(1);
    return this.failed ? 0 : (this.buffer[at] ?? 0);
  }
  u16(): number {
    const at = this.skip(2);
    return this.failed ? 0 : u16be(this.buffer, at);
  }
  u32(): number {
    const at = this.skip(4);
    return this.failed ? 0 : i32be(this.buffer, at) >>> 0;
  }
  u16le(): number {
    const at = this.skip(2);
    return this.failed ? 0 : u16le(this.buffer, at);
  }
  u32le(): number {
    const at = this.skip(4);
    return this.failed ? 0 : i32le(this.buffer, at) >>> 0;
  }

  /** u8 length · screen name, in its canonical form. */
  name(): string | undefined {
    const length = this.u8();
    const at = this.skip(length);
    return this.failed ? undefined : screenName(this.buffer, at, at + length);
  }

  /** Octets as lower-case hex. */
  hex(octets: number): string {
    const start = this.skip(octets);
    let digits = '';
    if (this.failed) return digits;
    for (let i = start; i < start + octets; i++) {
      digits += (this.buffer[i] ?? 0).toString(16).padStart(2, '0');
    }
    return digits;
  }

  clear(): void {
    this.over(NOTHING, 0, 0);
  }
}
