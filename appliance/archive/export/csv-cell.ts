/**
 * Cells that a spreadsheet shows and never obeys. OWASP, "CSV Injection": a cell that begins with = + - @, a tab
 * or a line break is taken for a formula; an apostrophe before it says that it is text.
 */

// The full-width forms (U+FF0B, U+FF0D, U+FF1D, U+FF20) are folded to the plain ones in some settings.
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;
// A reader of CSV in C ends at NUL; the others draw nothing. Tab and line breaks are text.
const CONTROLS = /(?![\t\r\n])\p{Cc}/gu;

export function csvCell(text: string): string {
  const shown = text.toWellFormed().replace(CONTROLS, visible);
  return FORMULA.test(shown) ? `'${shown}` : shown;
}

function visible(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code); // ␀ … ␟
  return code === 0x7f ? '\u2421' : '\ufffd';
}
