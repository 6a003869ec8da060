/** What an event is about, in octets of the wire: the parser's unit, turned the way the flow table sees it. */
import type { Unit } from '../../parsers/contract.ts';
import type { Subject, TextRange } from '../verdict/subject.ts';
import type { Session } from './session.ts';

/** `ahead`: octets delivered of each direction that the parser has not been given. */
export function fillSubject(
  subject: Subject,
  session: Session,
  unit: Unit | undefined,
  ahead: readonly [number, number],
  text: string | undefined,
  redactions: readonly TextRange[] | undefined,
): Subject {
  subject.slot = session.slot;
  subject.hasUnit = unit !== undefined;
  subject.redactions = redactions;
  if (unit === undefined) return subject;
  const direction = session.flipped === (unit.direction === 0) ? 1 : 0;
  const given = session.position(direction);
  subject.direction = direction;
  subject.parserDirection = unit.direction;
  subject.ahead = ahead[direction];
  subject.isElsewhere = unit.start < 0;
  subject.isOpen = unit.end < 0;
  subject.startBack = given - unit.start;
  subject.endBack = given - unit.end;
  subject.hasText = unit.textStart >= 0 && unit.textEnd > unit.textStart;
  subject.textStartBack = given - unit.textStart;
  subject.textEndBack = given - unit.textEnd;
  subject.head = unit.head;
  subject.form = unit.form;
  subject.neutralise = session.definition.neutralise;
  subject.text = text;
  return subject;
}
