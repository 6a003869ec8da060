/** Files as users have them: plain, compressed, piped, cut off, or something else. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { Collector, joined } from './capture.fixture.ts';
import { openCaptureFile } from './capture-file.ts';
import { CaptureError, type FrameSink } from './frame.ts';
import { PcapWriter } from './pcap-writer.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-capture-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const writer = new PcapWriter(1);
const FRAMES = 3000;
/** Octets that do not compress well, so that every stream is fed in more than one piece. */
const noise = (i: number) =>
  Uint8Array.from({ length: 900 }, (_, k) => (i * 7919 + k * k * 31) >> 3);
const FILE = joined(
  writer.header(),
  ...Array.from({ length: FRAMES }, (_, i) => writer.record(noise(i), i * 1000)),
);

function saved(name: string, ...parts: Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, joined(...parts));
  return path;
}

class Counter implements FrameSink {
  frames = 0;
  frame(): void {
    this.frames++;
  }
}

async function count(path: string) {
  const into = new Counter();
  const source = openCaptureFile(path);
  try {
    await source.run(into);
    return { frames: into.frames, fault: '' };
  } catch (error) {
    expect(error).toBeInstanceOf(CaptureError);
    return { frames: into.frames, fault: error instanceof Error ? error.message : '' };
  }
}

const ALL = { frames: FRAMES, fault: '' };

test('a plain file, its frames and its progress', async () => {
  const path = saved('plain', FILE);
  const source = openCaptureFile(path, 10);
  expect(source.progress()).toEqual({ read: 0, total: undefined });
  const into = new Collector();
  await source.run(into);
  expect(into.seen).toHaveLength(FRAMES);
  expect(into.seen.map((frame) => frame.number)).toEqual(into.seen.map((_, i) => 11 + i));
  expect(into.seen.at(-1)).toMatchObject({ time: (FRAMES - 1) * 1000, linkType: 1 });
  expect(into.seen.at(-1)?.octets).toEqual([...noise(FRAMES - 1)]);
  expect(source.progress()).toEqual({ read: FILE.length, total: FILE.length });
});

describe('gzip', () => {
  test('one member', async () => {
    expect(await count(saved('one.pcap', gzipSync(FILE)))).toEqual(ALL);
  });

  test('several members, cut in the middle of a record', async () => {
    const cuts = [0, 10, 100_001, 100_001, 2_000_000, FILE.length];
    const members = cuts.slice(1).map((end, i) => gzipSync(FILE.slice(cuts[i], end)));
    expect(await count(saved('many.gz', ...members))).toEqual(ALL);
  });

  test('what follows the last member is left', async () => {
    expect(await count(saved('tail.gz', gzipSync(FILE), new Uint8Array(3_000_000)))).toEqual(ALL);
  });

  test('cut off: everything before is read', async () => {
    const { frames, fault } = await count(saved('cut.gz', gzipSync(FILE).slice(0, -100_000)));
    expect(frames).toBeGreaterThan(FRAMES / 2);
    expect(fault).toContain('the gzip data is cut off; everything before was read');
    expect(fault).toContain(`after packet ${frames}, at octet ${24 + frames * 916}`);
  });

  test('corrupt: everything before is read', async () => {
    const bad = gzipSync(FILE);
    bad[bad.length - 6] = (bad[bad.length - 6] ?? 0) ^ 1; // the checksum
    const { frames, fault } = await count(saved('sum.gz', bad));
    expect(frames).toBeGreaterThan(FRAMES / 2);
    expect(fault).toContain('the gzip data is corrupt (incorrect data check)');
  });

  test('a fault of the capture inside', async () => {
    const { frames, fault } = await count(saved('inner.gz', gzipSync(FILE.slice(0, -1))));
    expect(frames).toBe(FRAMES - 1);
    expect(fault).toContain(`cut off in the middle of packet ${FRAMES}`);
  });

  test('not twice', async () => {
    const { fault } = await count(saved('twice.gz', gzipSync(gzipSync(FILE))));
    expect(fault).toContain('compressed more than once');
  });
});

const zstd = needs({ tools: ['zstd'] });
describe.skipIf(zstd.skip)(`zstd${zstd.why}`, () => {
  const compress = (octets: Uint8Array, ...options: string[]): Uint8Array =>
    execFileSync('zstd', ['-q', '-c', ...options], { input: octets, maxBuffer: 1 << 28 });
  const skippable = Uint8Array.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);

  test('one frame, of unknown size and of a known one', async () => {
    expect(await count(saved('one.zst', compress(FILE)))).toEqual(ALL);
    expect(await count(saved('checked.zst', compress(FILE, '--check', '-19')))).toEqual(ALL);
    const plain = saved('size', FILE);
    execFileSync('zstd', ['-q', plain, '-o', `${plain}.zst`]);
    expect(await count(`${plain}.zst`)).toEqual(ALL);
  });

  test('several frames and skippable ones', async () => {
    const frames = [FILE.slice(0, 5), FILE.slice(5, 100_001), FILE.slice(100_001)];
    const parts = frames.flatMap((frame) => [compress(frame), skippable]);
    expect(await count(saved('many.zst', skippable, ...parts))).toEqual(ALL);
  });

  test('very many small frames', async () => {
    const empty = compress(new Uint8Array(0));
    const many = Array.from({ length: 20_000 }, () => empty);
    expect(await count(saved('small.zst', ...many, compress(FILE)))).toEqual(ALL);
  });

  test('cut off and corrupt: everything before is read', async () => {
    const good = compress(FILE);
    const cut = await count(saved('cut.zst', good.slice(0, -1)));
    expect(cut.frames).toBeGreaterThan(FRAMES / 2);
    expect(cut.fault).toContain('the zstd data is cut off');
    const tail = await count(saved('tail.zst', good, Uint8Array.from([1, 2, 3, 4])));
    expect(tail.frames).toBe(FRAMES);
    expect(tail.fault).toContain('octets that are no zstd frame follow');
  });

  test('a frame that asks for too much memory', async () => {
    // Window descriptor 0x90: 2^(10 + 18) octets.
    const greedy = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x90, 1, 0, 0, 0]);
    const { fault } = await count(saved('greedy.zst', greedy));
    expect(fault).toContain('asks for 268435456 octets of memory (134217728 are allowed)');
    const single = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0];
    expect((await count(saved('single.zst', Uint8Array.from(single)))).fault).toContain('asks for');
  });
});

describe('something else', () => {
  const text = (words: string) => new TextEncoder().encode(words);

  test.each([
    ['nothing', new Uint8Array(0), 'the file is empty; pcap and pcapng are read'],
    [
      'snoop',
      text('snoop\0\0\0\0\0\0\u0002\0\0\0\u0004'),
      'this looks like a Solaris snoop capture',
    ],
    ['xz', Uint8Array.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]), 'this looks like an xz file'],
    ['ZIP', text('PK\u0003\u0004 and more'), 'this looks like a ZIP archive'],
    ['text', text('No. Time Source Destination\n1 0.0'), 'this looks like text'],
    ['octets', Uint8Array.from([1, 2, 0xff, 4, 5, 6, 7, 8, 9]), 'it begins with 01 02 ff 04'],
    ['a single octet', Uint8Array.from([0xd4]), 'it begins with d4'],
    ['half a header', FILE.slice(0, 12), 'the file is cut off in its header'],
  ])('%s', async (name, octets, expected) => {
    const path = saved(`else ${name}`, octets);
    const { frames, fault } = await count(path);
    expect(frames).toBe(0);
    expect(fault.startsWith(`${path}: `)).toBe(true);
    expect(fault).toContain(expected);
  });

  test('no file, and a folder', async () => {
    const missing = join(folder, 'missing.pcap');
    expect((await count(missing)).fault).toBe(`${missing}: no such file`);
    expect((await count(folder)).fault).toBe(
      `${folder}: this is a directory; name the capture files in it`,
    );
  });
});

describe('abort', () => {
  test.each([
    ['plain', (file: Uint8Array) => file],
    ['gzip', gzipSync],
  ])('%s: ends early, without an error', async (name, pack) => {
    const path = saved(`abort ${name}`, pack(FILE));
    const abort = new AbortController();
    const into = new Counter();
    const sink = {
      frame() {
        into.frame();
        if (into.frames === 5) abort.abort();
      },
    };
    await openCaptureFile(path).run(sink, abort.signal);
    expect(into.frames).toBeGreaterThanOrEqual(5);
    expect(into.frames).toBeLessThan(FRAMES);
    await openCaptureFile(path).run(into, abort.signal);
    expect(into.frames).toBeLessThan(FRAMES);
  });
});

describe('standard input', () => {
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin') ?? {};
  afterAll(() => {
    Object.defineProperty(process, 'stdin', stdin);
  });

  test.each([
    ['plain', FILE],
    ['gzip', gzipSync(FILE)],
  ])('%s, the first octets one by one', async (_name, octets) => {
    const first = Array.from(octets.subarray(0, 12), (octet) => Uint8Array.of(octet));
    const input = Readable.from([...first, octets.subarray(12)]);
    Object.defineProperty(process, 'stdin', { value: input, configurable: true });
    expect(await count('-')).toEqual(ALL);
  });

  test('cut off in the first octets', async () => {
    const input = Readable.from([FILE.subarray(0, 3)]);
    Object.defineProperty(process, 'stdin', { value: input, configurable: true });
    expect((await count('-')).fault).toMatch(/^standard input: not a capture file/);
  });
});

const fifo = needs({ tools: ['mkfifo'] });
test.skipIf(fifo.skip)(`a named pipe${fifo.why}`, async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const written = writeFile(path, FILE);
  const source = openCaptureFile(path);
  const into = new Counter();
  await source.run(into);
  await written;
  expect(into.frames).toBe(FRAMES);
  expect(source.progress()).toEqual({ read: FILE.length, total: undefined });
});

test('an error of the sink is no fault of the file', async () => {
  const sink = {
    frame() {
      throw new RangeError('mine');
    },
  };
  for (const path of [saved('sink', FILE), saved('sink.gz', gzipSync(FILE))]) {
    await expect(openCaptureFile(path).run(sink)).rejects.toThrow(new RangeError('mine'));
  }
});
