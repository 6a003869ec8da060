/**
 * What was to be made is there already, and nothing is overwritten: the command line names the wrong thing, and
 * nothing was begun. The CLI ends with 2 then, as for every other command line that cannot be.
 */
import { ArchiveError } from './archive-error.ts';

export class AlreadyThere extends ArchiveError {}
