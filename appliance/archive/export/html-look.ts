/** Pages of transcripts: everything inline, nothing fetched, no script; light, dark, and on paper. */
import { clock } from '../../report/amounts.ts';
import { htmlLines, htmlText } from './html-text.ts';
import type { TranscriptLine } from './transcript-line.ts';

/** Even if something slipped through: nothing is run, and nothing is fetched. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1d21;--paper:#fff;--dim:#5c6370;--line:#d9dce1;--note:#8a4b00;--soft:#f5f6f8}
@media (prefers-color-scheme:dark){:root{--ink:#e4e6ea;--paper:#16181c;--dim:#9aa1ac;--line:#343840;--note:#f0b465;--soft:#1f2228}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:60rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:1.5rem 0 .5rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
a{color:inherit}nav,footer,.facts{color:var(--dim);font-size:.9rem;overflow-wrap:anywhere}
ol{list-style:none;margin:0;padding:0}
li{display:grid;grid-template-columns:5.5rem minmax(6rem,14rem) 1fr;gap:0 .8rem;padding:.2rem .3rem;border-radius:.2rem}
li:nth-child(even){background:var(--soft)}li:target{outline:2px solid var(--note)}
time{color:var(--dim);font-variant-numeric:tabular-nums}
.who{font-weight:600;overflow-wrap:anywhere}.text{white-space:pre-wrap;overflow-wrap:anywhere;min-width:0}
.deed{font-style:italic;color:var(--dim)}.note{color:var(--note);font-size:.85rem;font-style:normal}
table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.25rem .5rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{white-space:nowrap;overflow-wrap:normal}
td.n,th.n{text-align:end;font-variant-numeric:tabular-nums}
@media (max-width:40rem){li{grid-template-columns:auto 1fr}.text{grid-column:1/-1}}
@media print{:root{color-scheme:light;--ink:#000;--paper:#fff;--dim:#444;--line:#bbb;--note:#000;--soft:#fff}body{max-width:none;padding:0;font-size:10pt}li{break-inside:avoid}h2{break-after:avoid}nav{display:none}}
`;

/** Readers of mail know little of style. */
const MAIL_STYLE =
  'ol{list-style:none;padding:0}time{color:#5c6370;margin-right:.8em}.who{font-weight:600;margin-right:.8em}' +
  '.text{white-space:pre-wrap}.deed{font-style:italic}.note{color:#8a4b00}';

export function htmlHead(title: string, place: 'page' | 'mail' = 'page'): string {
  return (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n' +
    `<meta http-equiv="Content-Security-Policy" content="${htmlText(POLICY)}">\n` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
    '<meta name="referrer" content="no-referrer">\n' +
    `<title>${htmlText(title)}</title>\n<style>${place === 'page' ? STYLE : MAIL_STYLE}</style>\n</head>\n<body>\n`
  );
}

export const HTML_FOOT = '</body>\n</html>\n';

/** Isolated: what it says cannot reorder what stands around it. */
export function isolated(text: string): string {
  return `<bdi>${htmlText(text)}</bdi>`;
}

export function htmlLine({ sequence, time, who, text, isSaid, notes }: TranscriptLine): string {
  const noted = notes.map((note) => `<span class="note"> [${isolated(note)}]</span>`).join('');
  return (
    `<li id="r${sequence}"><time title="record ${sequence}">${clock(time)}</time>` +
    `<span class="who">${isolated(who)}</span>` +
    `<span class="text${isSaid ? '' : ' deed'}"><bdi>${htmlLines(text)}</bdi>${noted}</span></li>\n`
  );
}

/** Around the lines of a day. */
export function htmlDay(date: string, lines: 'begin' | 'end'): string {
  return lines === 'begin'
    ? `<section>\n<h2>${htmlText(date)}</h2>\n<ol>\n`
    : '</ol>\n</section>\n';
}
