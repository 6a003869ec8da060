/**
 * CTCP inside a message: `0x01 COMMAND [SP params] [0x01]` (modern IRC "ctcp").
 *
 * Clients take the whole-body form only, whose last 0x01 may be missing. Old clients also took
 * CTCP in the middle of text; only DCC is looked for there, because it opens connections.
 */
import { DCC_LIMIT } from './irc-limits.ts';

const DELIMITER = '\x01';
const QUOTE = '\x10';

/** The request or reply a whole body is; undefined for plain text. */
export function wholeCtcp(body: string): string | undefined {
  if (!body.startsWith(DELIMITER)) return undefined;
  const end = body.indexOf(DELIMITER, 1);
  if (end !== -1 && end !== body.length - 1) return undefined;
  return unquote(body.slice(1, end === -1 ? undefined : end));
}

export interface MixedBody {
  /** DCC requests found, in order. */
  readonly dcc: readonly string[];
  /** What is left as plain text. */
  readonly text: string;
}

/** DCC requests among text or among other CTCP; undefined where the body has none. */
export function mixedDcc(body: string): MixedBody | undefined {
  if (!body.includes(DELIMITER)) return undefined;
  const dcc: string[] = [];
  let text = '';
  body.split(DELIMITER).forEach((part, i) => {
    if (i > 0 && isDcc(part) && dcc.length < DCC_LIMIT) dcc.push(unquote(part));
    else text += part;
  });
  return dcc.length === 0 ? undefined : { dcc, text };
}

export function isDcc(request: string): boolean {
  return /^DCC[ \t]/i.test(request);
}

/** First word in capitals, and the rest. */
export function ctcpWords(request: string): readonly [command: string, params: string] {
  const space = request.search(/[ \t]/);
  if (space === -1) return [request.toUpperCase(), ''];
  return [request.slice(0, space).toUpperCase(), request.slice(space + 1)];
}

/** Low-level quoting: 0x10 and `0`, `n`, `r` or 0x10. */
function unquote(request: string): string {
  if (!request.includes(QUOTE)) return request;
  return request.replace(QUOTED_PAIR, (_, c: string) => QUOTED[c] ?? c);
}
const QUOTED_PAIR = new RegExp(`${QUOTE}(.?)`, 'gs');
const QUOTED: Readonly<Record<string, string>> = { '0': '\0', n: '\n', r: '\r' };
