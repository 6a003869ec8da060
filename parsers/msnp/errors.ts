/** What the errors of a sign-in mean (dossier msnp.md §5). */
import { type Verb, verbText } from './verbs.ts';

const TEXTS: Readonly<Record<string, string>> = {
  200: 'syntax error',
  201: 'invalid parameter',
  205: 'no such account',
  207: 'already signed in',
  208: 'invalid account name',
  500: 'server error',
  501: 'database error',
  540: 'challenge answered wrongly',
  600: 'server is busy',
  601: 'server unavailable',
  604: 'server is going down',
  605: 'server unavailable',
  910: 'server too busy',
  911: 'authentication failed',
  913: 'not allowed while hidden',
  914: 'server unavailable',
  917: 'authentication failed',
  918: 'server too busy',
  919: 'server too busy',
  920: 'no new accounts accepted',
  921: 'server too busy',
  922: 'server too busy',
  923: 'parental consent needed',
  924: 'account not verified',
  928: 'bad ticket',
};

/** `911 authentication failed`. */
export function errorText(verb: Verb): string {
  const code = verbText(verb);
  const text = TEXTS[code];
  return text === undefined ? code : `${code} ${text}`;
}
