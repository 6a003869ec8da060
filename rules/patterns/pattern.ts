/** Validated patterns by name. Each is a hand-written scanner, linear in the text. */
import type { PatternName } from '../fields.ts';
import { findApiKeys } from './api-key.ts';
import { findEmails } from './email.ts';
import { findIbans } from './iban.ts';
import type { Match, Scanner } from './match.ts';
import { findPaymentCards } from './payment-card.ts';
import { findPhones } from './phone.ts';
import { findSsns } from './us-ssn.ts';

const SCANNERS: Readonly<Record<PatternName, Scanner>> = {
  'payment-card': findPaymentCards,
  iban: findIbans,
  'us-ssn': findSsns,
  email: findEmails,
  phone: findPhones,
  'api-key': findApiKeys,
};

/** At most `most` matches, from left to right, not overlapping. */
export function findPattern(pattern: PatternName, text: string, most: number): Match[] {
  const found: Match[] = [];
  let reached = 0;
  SCANNERS[pattern](text, (match) => {
    if (match.start >= reached) found.push(match);
    reached = Math.max(reached, match.end);
    return found.length < most;
  });
  return found;
}
