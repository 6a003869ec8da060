/** Errors on their way to another thread, where a clone of them would be of no class of ours. */
import { ArchiveError } from '../archive-error.ts';
import type { Fault } from './thread-messages.ts';

export function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ArchiveError)) {
    return { message, told: false, advice: undefined, retry: false };
  }
  const { advice, retry } = error;
  return { message, told: true, advice, retry };
}

export function errorOf({ message, told, advice, retry }: Fault): Error {
  return told ? new ArchiveError(message, advice, retry) : new Error(message);
}
