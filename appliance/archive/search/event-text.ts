/** What of a record's content is searched, and found again when a hit is checked. */
import { TEXT_CODE_UNITS, words } from './words.ts';

/** Fields that are read as they are; `file.name` and `file.url` come on top, and markup that says something else. */
const FIELDS = ['text', 'subject', 'status', 'reason', 'thread', 'name'] as const;
const FILE_FIELDS = ['name', 'url'] as const;
const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

export interface SearchedText {
  /** `text`, `subject`, `file.name`, … */
  readonly field: string;
  readonly text: string;
}

/** The texts of a content (contract.ts), the most telling first. */
export function eventTexts(content: Readonly<Record<string, unknown>>): SearchedText[] {
  const texts: SearchedText[] = [];
  for (const field of FIELDS) add(texts, field, content[field]);
  const { file, markup } = content;
  if (isObject(file)) for (const field of FILE_FIELDS) add(texts, `file.${field}`, file[field]);
  if (typeof markup === 'string') addMarkup(texts, markup);
  return texts;
}

/** Words for the index; those of one field stand before those of the next. */
export function eventWords(content: Readonly<Record<string, unknown>>): string[] {
  const texts = eventTexts(content);
  const [first] = texts;
  if (texts.length === 1 && first !== undefined) return words(first.text);
  return texts.flatMap(({ text }) => words(text));
}

function add(texts: SearchedText[], field: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') texts.push({ field, text: value });
}

/** Nearly always the text once more; where it is not, a reader saw what the text hides. */
function addMarkup(texts: SearchedText[], markup: string): void {
  const shown = withoutTags(markup.slice(0, TEXT_CODE_UNITS));
  const said = texts.find(({ field }) => field === 'text');
  if (said !== undefined && words(said.text).join(' ') === words(shown).join(' ')) return;
  add(texts, 'markup', shown);
}

function withoutTags(markup: string): string {
  return markup
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,4});/gi, (whole, name: string) => {
      if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
