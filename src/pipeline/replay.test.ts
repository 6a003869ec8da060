import { describe, expect, test } from 'vitest';
import { capturePath } from '../../test/support/corpus.ts';
import { openCaptureFile } from '../capture/capture-file.ts';
import { CaptureError, type CaptureSource, Frame, type FrameSink } from '../capture/frame.ts';
import type { ImEvent } from '../event/event.ts';
import { Engine } from './engine.ts';
import { replay } from './replay.ts';

/** Frames kept in memory, told again as a capture of their own. */
class Kept implements CaptureSource {
  readonly frames: Frame[] = [];
  fault: CaptureError | undefined;

  async run(sink: FrameSink): Promise<void> {
    for (const frame of this.frames) sink.frame(frame);
    if (this.fault !== undefined) throw this.fault;
  }
}

async function keep(path: string): Promise<Kept> {
  const kept = new Kept();
  await openCaptureFile(path).run({
    frame(frame) {
      const copy = new Frame();
      copy.buffer = frame.buffer.slice(frame.start, frame.end);
      copy.end = copy.buffer.length;
      copy.originalLength = frame.originalLength;
      copy.linkType = frame.linkType;
      copy.number = frame.number;
      copy.time.set(frame.time);
      kept.frames.push(copy);
    },
  });
  return kept;
}

const office = await keep(capturePath('irc-office.pcap'));

function part(from: number, to?: number): Kept {
  const kept = new Kept();
  kept.frames.push(...office.frames.slice(from, to));
  return kept;
}

async function run(...sources: Kept[]) {
  const events: ImEvent[] = [];
  const engine = new Engine({ onEvent: (event) => events.push(event) });
  const files = sources.map((source, i) => ({ path: `/tmp/day-${i + 1}.pcap`, source }));
  const faults = await replay(engine, files);
  return { events, engine, faults };
}

const gist = (events: ImEvent[]) =>
  events.map((e) => `${e.time} ${e.kind} ${e.from} ${e.room ?? e.to} ${e.text ?? e.reason}`);

describe('replay', () => {
  test('a rotated capture is one recording: flows run on into the next file', async () => {
    const whole = await run(part(0));
    for (const cut of [1, 40, 99, 180]) {
      const rotated = await run(part(0, cut), part(cut));
      expect(gist(rotated.events)).toEqual(gist(whole.events));
    }
    expect(whole.events.length).toBeGreaterThan(50);
  });

  test('events name the file that completed them, and the packet in it', async () => {
    const { events } = await run(part(0, 99), part(99));
    expect(new Set(events.map((e) => e.capture))).toEqual(new Set(['day-1.pcap', 'day-2.pcap']));
  });

  test('a file that begins earlier is another recording: its flows do not mix with those before', async () => {
    const once = await run(part(0));
    const twice = await run(part(0), part(0));
    expect(twice.events.length).toBe(2 * once.events.length);
    const ends = twice.events.filter((e) => e.kind === 'flow.end');
    const begins = twice.events.filter((e) => e.kind === 'flow.identified');
    expect(new Set(ends.map((e) => e.flow?.id)).size).toBe(begins.length);
  });

  test('a fault ends its file, not the run; what came before it stays', async () => {
    const broken = part(0, 99);
    broken.fault = new CaptureError('day-1.pcap', 99, 12345, 'cut off');
    const { events, faults, engine } = await run(broken, part(99));
    expect(faults).toEqual([broken.fault]);
    expect(gist(events)).toEqual(gist((await run(part(0))).events));
    expect(engine.counters.frames).toBe(office.frames.length);
  });

  test('what is no fault of the capture is not swallowed', async () => {
    const bug = new Kept();
    bug.run = () => Promise.reject(new TypeError('bug'));
    await expect(run(bug)).rejects.toThrow('bug');
  });

  test('an abort ends the run before the next file, and closes what is open', async () => {
    const events: ImEvent[] = [];
    const engine = new Engine({ onEvent: (event) => events.push(event) });
    const abort = new AbortController();
    const first = part(0, 99);
    const file = { path: 'a.pcap', source: first };
    first.run = async (sink) => {
      for (const frame of first.frames) sink.frame(frame);
      abort.abort();
    };
    await replay(engine, [file, { path: 'b.pcap', source: part(99) }], abort.signal);
    expect(engine.counters.frames).toBe(99);
    expect(events.at(-1)?.kind).toBe('flow.end');
  });
});

describe('engine', () => {
  test('counts what it was given and what it made of it', async () => {
    const { engine, events } = await run(part(0));
    const { counters } = engine;
    expect(counters.frames).toBe(office.frames.length);
    expect(Object.values(counters.decoded).reduce((a, b) => a + b)).toBe(counters.frames);
    expect(Object.values(counters.inspect.events).reduce((a, b) => a + b)).toBe(events.length);
    expect(counters.octets).toBe(office.frames.reduce((sum, f) => sum + f.end - f.start, 0));
    expect(counters.flows.current).toBe(0);
    expect(engine.held()).toBe(0);
  });

  test('without following content, sizes are known and hashes are not', async () => {
    const events: ImEvent[] = [];
    const engine = new Engine({ onEvent: (event) => events.push(event), followContent: false });
    await replay(engine, [{ path: 'a', source: part(0) }]);
    const complete = events.filter((e) => e.kind === 'file.complete');
    expect(complete.length).toBeGreaterThan(0);
    for (const { file } of complete) {
      expect(file?.size).toBeGreaterThan(0);
      expect(file?.sha256).toBeUndefined();
    }
  });

  test('the judge decides, and the record says that replay did not carry it out', async () => {
    const events: ImEvent[] = [];
    const engine = new Engine({
      onEvent: (event) => events.push(event),
      judge: { judge: () => ({ action: 'drop', enforced: true, rule: 'no' }) },
    });
    await replay(engine, [{ path: 'a', source: part(0) }]);
    expect(new Set(events.map((e) => e.verdict?.enforced))).toEqual(new Set([false]));
  });
});
