/**
 * What the wire says of a transfer that a rule asked to keep: a line of JSON in `incoming/`, beside the
 * octets where they are there. Notes are taken over in the order of their names: events' ids sort by time.
 */
import { z } from 'zod';
import { noteKey } from './note-key.ts';

/**
 * kept: whole, from its first octet to its last. part: what passed is the tail of a resumed transfer.
 * The others say why nothing is there: over the cap of one file; over the cap of all; more transfers at a
 * time than are followed; the disk or the writer did not keep up; it ended before it was whole; what came
 * to the archive is not what passed the wire.
 */
export const KEPT_STATES = [
  'kept',
  'part',
  'too-large',
  'no-room',
  'too-many',
  'behind',
  'unfinished',
  'damaged',
] as const;
export type KeptState = (typeof KEPT_STATES)[number];

/** In the words of a list. */
export const KEPT_WORDS: Readonly<Record<KeptState, string>> = {
  kept: 'whole',
  part: 'the end only: the transfer was resumed',
  'too-large': 'not kept: larger than one file may be',
  'no-room': 'not kept: the files together would be over their cap',
  'too-many': 'not kept: too many transfers at a time',
  behind: 'not kept: the disk did not keep up',
  unfinished: 'not kept: it was not seen whole',
  damaged: 'not kept: what was stored is not what passed',
};

const keptNote = z
  .object({
    v: z.literal(1),
    /** Of the event: `file.complete`, or the `file.start` of what never was whole. */
    id: z.string().regex(/^[0-9a-f-]{36}$/),
    /** Of the event, microseconds since 1970. */
    time: z.number().int(),
    state: z.enum(KEPT_STATES),
    /** Lower-case hex; undefined: not known. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    /** Octets that passed, as far as they were counted. */
    size: z.number().int().nonnegative(),
    mime: z.string().max(200).optional(),
    /** The octets are sealed; undefined: plain, or there are none. */
    sealed: noteKey.optional(),
  })
  .refine(({ state, sha256 }) => !isHeld(state) || sha256 !== undefined);
export type KeptNote = z.infer<typeof keptNote>;

/** The octets of a note are in a file of its name without this. */
export const NOTE_SUFFIX = '.note';
/** Being written: nobody's when the program ended. */
export const PARTIAL_SUFFIX = '.partial';

/** undefined: it is none; cut off when the machine stopped. */
export function parseNote(text: string): KeptNote | undefined {
  try {
    return keptNote.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export type HeldState = Extract<KeptState, 'kept' | 'part'>;

export function isHeld(state: KeptState): state is HeldState {
  return state === 'kept' || state === 'part';
}
