/** The watchdog's lines, among those of its engine on standard error. Nothing waits for who reads them. */
import { writeSync } from 'node:fs';
import { libc } from '../../src/capture/native/libc.ts';
import { textLine } from '../log/text-line.ts';
import { createPaint } from '../report/paint.ts';

export type LogFormat = 'json' | 'text';
export type Tell = (level: 'info' | 'warn' | 'error', text: string, format: LogFormat) => void;

const STANDARD_ERROR = 2;
const POLLOUT = 4;

export function watchdogLog(): Tell {
  const paint = createPaint(false);
  return (level, text, format) => {
    const time = new Date().toISOString();
    const json = JSON.stringify({ level, time, msg: text, process: 'watchdog' });
    if (!hasRoom()) return;
    try {
      writeSync(STANDARD_ERROR, `${format === 'json' ? json : textLine(json, paint)}\n`);
    } catch {
      // Nobody reads any more.
    }
  };
}

/** A pipe is writable when PIPE_BUF (4096) octets fit: more than a line of ours. */
function hasRoom(): boolean {
  const waitFor = Int32Array.of(STANDARD_ERROR, POLLOUT);
  return libc().poll(waitFor, 1, 0) === 1;
}
