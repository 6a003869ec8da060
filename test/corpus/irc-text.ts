/** IRC text as a person reads it: formatting codes (modern IRC, "Formatting") taken out. */
const FORMATTING = new RegExp(
  [
    '\\u0003(?:\\d{1,2}(?:,\\d{1,2})?)?', // colour
    '\\u0004(?:[0-9a-f]{6}(?:,[0-9a-f]{6})?)?', // hex colour
    '[\\u0002\\u000f\\u0011\\u0016\\u001d\\u001e\\u001f]', // bold, reset, monospace, reverse, …
  ].join('|'),
  'gi',
);

export function withoutFormatting(text: string): string {
  return text.replace(FORMATTING, '');
}
