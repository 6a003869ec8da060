/**
 * What an event is about, as the wire carries it: one object, filled anew for each event that is to be
 * enforced. Positions are octets back from `cursor`, the stream's next octet: TCP sequence numbers and the
 * offsets of a datagram both follow from them.
 */

/** ParserContract's Neutraliser, without knowing it. */
export type Neutralise = (
  part: Uint8Array,
  from: number,
  unit: { direction: 0 | 1; length: number; head: number; form: number },
) => void;

/** text[start, end), UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export class Subject {
  /** The flow's slot. */
  slot = -1;
  /** False: the event is about the flow, there is no message to refuse. */
  hasUnit = false;
  /** Of the unit, as the flow table sees it, and as its parser does. */
  direction: 0 | 1 = 0;
  parserDirection: 0 | 1 = 0;
  /** Octets that the streams have delivered beyond those that the parser has been given. */
  ahead = 0;
  /** Octets between the unit's start (end, …) and what was given to the parser last; less than 0: still to come. */
  startBack = 0;
  endBack = 0;
  /** The unit has no range of its own. */
  isElsewhere = false;
  /** Its end is not known. */
  isOpen = false;
  hasText = false;
  textStartBack = 0;
  textEndBack = 0;
  head = 0;
  form = 0;
  neutralise: Neutralise | undefined = undefined;
  /** The event's text, and where in it the rule matched; undefined: masking does not fulfil it. */
  text: string | undefined = undefined;
  redactions: readonly TextRange[] | undefined = undefined;
}
