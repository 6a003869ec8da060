/** The reference of the language: a hand-written part, and tables from what the reader knows. */
import { EVENT_KINDS } from '../../src/event/kinds.ts';
import { MODES } from '../check/answer.ts';
import { FIELD_NAMES, type FieldName, fieldOf, PATTERN_NAMES } from '../fields.ts';
import { DEFAULTS } from '../policy/policy.ts';
import { introduction } from './introduction.ts';

/** Relative to the repository. */
export const REFERENCE_PATH = 'docs/rules.md';

export function rulesReference(): string {
  return [
    introduction,
    '## Conditions\n',
    'What an event does not have, no condition finds, with one exception: `not-in` and `not` hold where',
    'the value is absent but could have been there (an unknown sender is not trusted).\n',
    '| condition | takes | meaning |\n| --- | --- | --- |',
    ...FIELD_NAMES.map(row),
    '\n## Patterns\n',
    '| pattern | finds |\n| --- | --- |',
    ...PATTERN_NAMES.map((name) => `| \`${name}\` | ${PATTERN_NOTES[name]} |`),
    '\nPatterns are looked for in a plain view of the text: full-width, mathematical and other digits and',
    'letters count as what they are, zero-width characters, soft hyphens and combining marks as nothing,',
    'special spaces, dashes, dots and slashes as the plain ones. Digits in one with letters on both sides',
    'are part of a word and no card. What is masked are the characters of the original.',
    '\n## Defaults\n',
    'What happens where no rule speaks.\n',
    '| default | unless told otherwise | about |\n| --- | --- | --- |',
    ...Object.entries(DEFAULT_NOTES).map(
      ([name, { key, note }]) => `| \`${name}\` | \`${DEFAULTS[key]}\` | ${note} |`,
    ),
    '\n## Kinds of event\n',
    `${EVENT_KINDS.map((kind) => `\`${kind}\``).join(', ')}.\n`,
    `Modes that \`rules check\` knows: ${MODES.map((mode) => `\`${mode}\``).join(', ')}.`,
    '',
  ].join('\n');
}

function row(name: FieldName): string {
  const field = fieldOf(name);
  const values = field.values?.map((value) => `\`${value}\``).join(', ');
  return `| \`${name}\` | ${values ?? TAKES[field.type]} | ${field.doc} |`;
}

const TAKES = {
  text: 'strings, `words`, `pattern`',
  name: 'strings',
  identity: 'identities, lists of contacts',
  choice: '',
  extension: 'extensions, lists of extensions',
  number: 'numbers',
  address: 'addresses and networks, lists of cidrs',
  schedule: 'schedules, `{ not: schedule }`',
  flag: '`true`, `false`',
  presence: '`true`, `false`, strings',
  members: 'numbers; lists of contacts',
} as const;

const PATTERN_NOTES = {
  'payment-card': 'card numbers of 13 to 19 digits: brand prefix, length, Luhn; single separators',
  iban: 'bank accounts: country, its length, mod 97; single separators',
  'us-ssn': 'US social security numbers `123-45-6789` in ranges that were issued',
  email: 'e-mail addresses',
  phone: 'international, North American and national telephone numbers',
  'api-key': 'keys of well-known services, JSON web tokens, PEM private keys',
} as const;

const DEFAULT_NOTES = {
  message: { key: 'message', note: 'messages and edits' },
  'unknown-contact': {
    key: 'unknownContact',
    note: 'messages, offers, calls, requests and invitations of or to people who are not known contacts',
  },
  'app-unknown': { key: 'appUnknown', note: 'units newer than the decoder' },
  opaque: { key: 'opaque', note: 'flows that cannot be read' },
  undecodable: { key: 'undecodable', note: 'a stream its parser gave up on' },
  overload: { key: 'overload', note: 'a memory cap or time budget was hit: fail open or closed' },
} as const;
