/**
 * Whose key seals the content of an event: who said it. So what a person said is erased with one key, in the
 * legs of those who heard it too; what has no sender is of our own account.
 */
import type { EventFacts } from './event-facts.ts';

/** Seals what nobody is known to have said or heard. */
const NOBODY = 'nobody';

/** A person of the directory, or `service:address`. */
export function subjectOf(facts: EventFacts): string {
  const { person, peer, service, account, sender, recipients, isOwn } = facts;
  if (sender !== undefined && !isOwn) return peer ?? `${service}:${sender}`;
  if (person !== undefined) return person;
  const address = sender ?? account ?? recipients[0];
  return address === undefined ? NOBODY : `${service}:${address}`;
}
