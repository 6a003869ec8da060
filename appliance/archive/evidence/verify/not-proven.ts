/** What a verification does not prove, in sentences: so that nobody takes it for more than it is. */
import { counted, duration } from '../../../report/amounts.ts';
import type { Signed } from './checkpoint-check.ts';
import type { ClockCheck } from './clock-check.ts';
import type { Trust } from './verify-report.ts';

export interface Proven {
  /** The record that was asked to begin with. */
  readonly from: number;
  /** Records looked at. */
  readonly first: number;
  readonly last: number;
  readonly signed: Signed | undefined;
  readonly trust: Trust;
  readonly clock: ClockCheck;
}

export function notProven({ from, first, last, signed, trust, clock }: Proven): string[] {
  const sentences: string[] = [];
  if (clock.setBack !== undefined) {
    const { sequence, seconds, times } = clock.setBack;
    const others = times > 1 ? `, and ${counted(times - 1, 'time')} more` : '';
    sentences.push(
      `When: the clock was set back by ${duration(seconds)} before record ${sequence}${others}: records are in the order in which they were recorded, and their times are what the clock said.`,
    );
  }
  if (first > 1) {
    sentences.push(`What is before record ${first}: that checkpoint's signature stands for it.`);
  } else if (from > 1) {
    sentences.push(`(No checkpoint stands before record ${from}: verified from the first.)`);
  }
  const after = last - ((signed?.upTo ?? 0) + 1);
  if (signed === undefined && last > 0) {
    sentences.push('Who wrote it: nothing is signed, so all of it could have been made anew.');
  } else if (after > 0) {
    sentences.push(
      `${counted(after, 'record')} after the last checkpoint: chained, and not signed yet.`,
    );
  }
  if (trust === 'archive') {
    sentences.push(
      'Who signed it: the key is taken from the archive itself. Bring a copy of signing.pub.pem from elsewhere: --public-key FILE.',
    );
  } else if (trust === 'home') {
    sentences.push(
      'That nobody who can write to the home folder has made all of it anew: for this, bring a copy of signing.pub.pem (--public-key) or of checkpoints.jsonl (--checkpoints) from elsewhere.',
    );
  }
  return sentences;
}
