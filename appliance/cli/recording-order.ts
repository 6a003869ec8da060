/**
 * The files of a rotated recording, in the order in which they were recorded. `tcpdump -C` counts
 * without leading zeros and a ring starts over at its first name, so that a shell's `day.pcap*` is in
 * no useful order; and a file that begins before the last one ended would be taken for another
 * recording, its connections for new ones.
 */
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openCaptureFile } from '../../src/capture/capture-file.ts';
import { CaptureError } from '../../src/capture/frame.ts';

export interface RecordingOrder {
  readonly paths: readonly string[];
  /** For the user: which file was moved before which; undefined when the order was right. */
  readonly remark: string | undefined;
}

/** Neighbours whose names differ only in their numbers, by the time of their first packet. */
export async function inRecordingOrder(paths: readonly string[]): Promise<RecordingOrder> {
  const ordered: string[] = [];
  let remark: string | undefined;
  for (let at = 0; at < paths.length; ) {
    const series = seriesAt(paths, at);
    at += series.length;
    const sorted = series.length === 1 ? series : await byTime(series);
    const moved = sorted.findIndex((path, i) => path !== series[i]);
    if (moved >= 0) {
      const [early, late] = [sorted[moved] ?? '', series[moved] ?? ''].map((path) =>
        basename(path),
      );
      remark ??= `${early} was recorded before ${late}: files whose names differ in their numbers are read in order of time`;
    }
    ordered.push(...sorted);
  }
  return { paths: ordered, remark };
}

function seriesAt(paths: readonly string[], begin: number): readonly string[] {
  const [first] = paths.slice(begin, begin + 1);
  if (first === undefined || !isFile(first)) return paths.slice(begin, begin + 1);
  const name = seriesName(first);
  let end = begin + 1;
  for (; end < paths.length; end++) {
    const path = paths[end] ?? '-';
    if (!isFile(path) || seriesName(path) !== name) break;
  }
  return paths.slice(begin, end);
}

/** `day.pcap`, `day.pcap2` and `day_00001_20261123.pcap` without their numbers. */
function seriesName(path: string): string {
  return join(dirname(path), basename(path).replace(/_?\d+/g, ''));
}

function isFile(path: string): boolean {
  return path !== '-' && statSync(path).isFile();
}

/** Files without a packet stand where they stood before. */
async function byTime(paths: readonly string[]): Promise<readonly string[]> {
  const timed: { path: string; time: number }[] = [];
  const slots: number[] = [];
  for (const [slot, path] of paths.entries()) {
    const time = await firstTime(path);
    if (time === undefined) continue;
    timed.push({ path, time });
    slots.push(slot);
  }
  timed.sort((a, b) => a.time - b.time);
  const sorted = [...paths];
  for (const [i, slot] of slots.entries()) sorted[slot] = timed[i]?.path ?? '';
  return sorted;
}

/** Microseconds since 1970. A fault of the file is found again, and told, when it is read. */
async function firstTime(path: string): Promise<number | undefined> {
  const enough = new AbortController();
  let time: number | undefined;
  try {
    const frame = (one: { readonly time: Float64Array }) => {
      time ??= one.time[0];
      enough.abort();
    };
    await openCaptureFile(path).run({ frame }, enough.signal);
  } catch (fault) {
    if (!(fault instanceof CaptureError)) throw fault;
  }
  return time;
}
