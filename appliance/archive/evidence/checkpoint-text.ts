/** What a signature covers, to the octet. */
import type { Checkpoint } from '../contract.ts';

/** `at` is that of the envelope which the checkpoint stands in. */
export function checkpointText(
  { archive, upTo, hash }: Pick<Checkpoint, 'archive' | 'upTo' | 'hash'>,
  at: string,
): string {
  return `sallyport checkpoint 1\n${archive}\n${upTo}\n${hash}\n${at}`;
}

/** A key vouches for the one that follows it. Fingerprints in hex. */
export function successionText(archive: string, old: string, following: string): string {
  return `sallyport signing key 1\n${archive}\n${old}\n${following}`;
}
