/** What an XML stream may not hold (RFC 6120 §11.1) or holds too much of: named, never thrown. */
export const XmlOdd = {
  NotWellFormed: 'not-well-formed',
  Doctype: 'doctype',
  Comment: 'comment',
  Instruction: 'processing-instruction',
  TextBetween: 'text-between-stanzas',
  TooDeep: 'too-deep',
  TagTooLong: 'tag-too-long',
  StanzaTooLong: 'stanza-too-long',
} as const;
export type XmlOdd = (typeof XmlOdd)[keyof typeof XmlOdd];

/** Hears what the scanner finds. Octets are lent for the call; start and end are stream offsets. */
export interface XmlStreamListener {
  /**
   * A start tag named `stream` (any prefix) where a root may stand: buffer[from, to) is the tag.
   * Says whether it is a root: only then does the stream (re)start here.
   */
  header(buffer: Uint8Array, from: number, to: number, start: number, end: number): boolean;
  /** A complete child of the root. `sought`: found by resynchronising, it may have been nested. */
  stanza(
    buffer: Uint8Array,
    from: number,
    to: number,
    start: number,
    end: number,
    sought: boolean,
  ): void;
  /** A child of the root ended that was too long or too deep to be kept. */
  unread(start: number, end: number): void;
  /** The root's end tag. */
  close(start: number, end: number): void;
  odd(what: XmlOdd): void;
}
