/** Which events the truth is complete about, and which may be there without being listed in it. */
import type { Explained, Facts } from './compare.ts';

/** Conversation, accounts, contacts, rooms and files: what must not be invented. */
const JUDGED = /^(session|contact|message|room|file|call)\b|^app\.unknown$/;

export function isJudged(facts: Facts): boolean {
  return JUDGED.test(String(facts.kind));
}

/** The recorded truth lists everything, but not as what the parsers make of it. */
export const RECORDED_EXPLANATIONS: readonly Explained[] = [
  {
    why: 'the end of a session, said when its stream ends',
    covers: (facts) => facts.kind === 'session.logout',
  },
];

/** The public truth does not look at these. */
export const PUBLIC_EXPLANATIONS: readonly Explained[] = [
  ...RECORDED_EXPLANATIONS,
  {
    why: 'contact whose presence was asked for (ISON)',
    covers: (facts) => facts.kind === 'contact.list' && facts.protocol === 'irc',
  },
];
