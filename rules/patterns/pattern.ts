/** Validated patterns by name. Each is a hand-written scanner, linear in the text. */
import type { PatternName } from '../fields.ts';
import { findApiKeys } from './api-key.ts';
import { findEmails } from './email.ts';
import { findIbans } from './iban.ts';
import type { Match, Scanner } from './match.ts';
import { findPaymentCards } from './payment-card.ts';
import { findPhones } from './phone.ts';
import { plainView } from './plain-text.ts';
import { findSsns } from './us-ssn.ts';

interface Known {
  readonly scan: Scanner;
  /** Digits without which there is none: most texts have fewer. */
  readonly digits: number;
}

const KNOWN: Readonly<Record<PatternName, Known>> = {
  'payment-card': { scan: findPaymentCards, digits: 13 },
  iban: { scan: findIbans, digits: 5 }, // Kazakhstan: 2 check digits, 3 of the bank, then letters
  'us-ssn': { scan: findSsns, digits: 9 },
  email: { scan: findEmails, digits: 0 },
  phone: { scan: findPhones, digits: 8 },
  'api-key': { scan: findApiKeys, digits: 0 },
};

/** At most `most` matches, from left to right, not overlapping; ranges of the text as written. */
export function findPattern(pattern: PatternName, text: string, most: number): Match[] {
  const found: Match[] = [];
  const { scan, digits } = KNOWN[pattern];
  const view = plainView(text);
  if (view.digits < digits) return found;
  let reached = 0;
  scan(view.text, ({ start, end, shown }) => {
    if (start >= reached) found.push({ start: view.start(start), end: view.end(end), shown });
    reached = Math.max(reached, end);
    return found.length < most;
  });
  return found;
}
