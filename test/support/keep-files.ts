/** A capture read as `replay --archive` does: events into the record, asked-for files by `incoming/` into the store. */

import type { Archive } from '../../appliance/archive/archive.ts';
import { AskedContent } from '../../appliance/archive/files/asked-content.ts';
import { IncomingFolder } from '../../appliance/archive/files/incoming-folder.ts';
import { FileTakeOver } from '../../appliance/archive/files/take-over.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { homePaths } from '../../appliance/archive/target.ts';
import { rulesFromText } from '../../rules/load.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import type { Judge } from '../../src/verdict/judge.ts';
import { feedFrames, loadCapture, type StoredFrame } from '../corpus/frames.ts';

export const KEEP_ALL =
  'sallyport: 1\nrules: [{ id: keep, on: file.complete, also: [quarantine] }, { id: starts, on: file.start, also: [quarantine] }]';
export const NO_LIMITS = { largest: 1e8, total: 1e9 };

export function judgeOf(rules: string): Judge {
  const { rules: judge, diagnostics } = rulesFromText(rules, 'policy.yaml', []);
  if (judge === undefined) throw new Error(JSON.stringify(diagnostics));
  return judge;
}

export interface KeepOptions {
  readonly rules?: string;
  readonly limits?: { readonly largest: number; readonly total: number };
  /** What of the capture is fed. */
  readonly cut?: (frames: readonly StoredFrame[]) => readonly StoredFrame[];
}

export async function readInto(archive: Archive, capture: string, options: KeepOptions = {}) {
  const { rules = KEEP_ALL, limits = NO_LIMITS, cut = (frames) => frames } = options;
  const { incoming } = homePaths(archive.target);
  const folder = new IncomingFolder(incoming, limits, 'test', archive.vault.spool?.current());
  const content = new AskedContent(folder);
  const lines: string[] = [];
  const engine = new Engine({
    judge: judgeOf(rules),
    contentSink: content,
    onEvent(event) {
      content.hear(event);
      lines.push(encodeEvent(event));
    },
  });
  feedFrames(cut((await loadCapture(capture)).frames), engine);
  engine.finish();
  const drafts = new EventDrafts();
  await new Appender(archive).append(lines.flatMap((line) => drafts.read(line) ?? []));
  const takeOver = takeOverOf(archive, limits);
  while ((await takeOver.run()).taken > 0) {
    // More of them.
  }
  return { lines, folder, takeOver };
}

export function takeOverOf(archive: Archive, limits = NO_LIMITS): FileTakeOver {
  return new FileTakeOver(archive, limits, new Appender(archive));
}
