/**
 * A policy on its way to another thread: one shared buffer of records, each a length (32 bits, little
 * endian) and so many octets of JSON. A record is small, so that a thread that carries packets reads
 * one between two of them; the buffer itself goes over without a copy, to however many threads.
 *
 *   [id, "a", element…]   elements of array `id`, after those it has
 *   [id, "e", value…]     entries of a list, as array `id`
 *   [id, "o", object]     an object that several rules share
 *   [0, "o", policy]      the whole, last
 *
 * In what follows a record, { "$": id } stands for what `id` has become. Places in files do not go
 * over: only people need them.
 */

export const LENGTH_OCTETS = 4;
/** Characters of JSON in one record, about: 0.1 ms to read. */
export const RECORD_CHARACTERS = 4096;
/** Longer arrays are records of their own. */
export const MOST_INLINE = 48;
export const ROOT = 0;

/** Where things are in a policy that came from another thread. */
export const NOWHERE = Object.freeze({ file: '', line: 0, column: 0 });
