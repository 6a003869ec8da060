/**
 * A report as one page that needs nothing else: no script, nothing fetched (its policy forbids both), charts as
 * SVG with the table beside each. It follows the reader's dark mode, and prints without losing a row.
 */

import { htmlText } from '../export/html-text.ts';
import { barChart, columnChart } from './chart-svg.ts';
import type { LocalClock } from './local-time.ts';
import { reportFacts } from './render-text.ts';
import type { Report } from './report.ts';
import type { ReportTable } from './report-table.ts';
import { showCell } from './show-cell.ts';

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--dim:#5b6675;--line:#d5dbe3;--back:#fff;--bar:#2f6fb0;--stripe:#f5f7fa}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9f0;--dim:#9aa6b5;--line:#39424f;--back:#161b22;--bar:#6ea8e0;--stripe:#1d242d}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:72rem;margin:2rem auto;padding:0 1.25rem}
h1{font-size:1.5rem;margin:0 0 .5rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2.5rem 0 .25rem;border-top:1px solid var(--line);padding-top:1rem}
h2 small{font-weight:400;color:var(--dim);font-size:.9rem;margin-left:.6rem}
p{margin:.25rem 0}.note,.facts{color:var(--dim)}nav ul{columns:3 12rem;padding-left:1.2rem}a{color:var(--bar)}
svg{display:block;width:100%;max-width:44rem;height:auto;margin:.8rem 0}svg rect{fill:var(--bar)}svg text{fill:var(--ink);font:11px system-ui,sans-serif}
svg .label{text-anchor:end}svg line{stroke:var(--line)}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:.6rem 0;min-width:24rem}th,td{padding:.25rem .7rem;text-align:left;vertical-align:top;overflow-wrap:break-word}
thead th{border-bottom:2px solid var(--line);font-size:.85rem;color:var(--dim)}tbody th{font-weight:500}tbody tr:nth-child(even){background:var(--stripe)}
td{white-space:nowrap}td.text{white-space:normal;max-width:22rem}.number{text-align:right;font-variant-numeric:tabular-nums}
footer{margin:3rem 0 1rem;color:var(--dim);border-top:1px solid var(--line);padding-top:.6rem}
@media print{:root{--ink:#000;--dim:#444;--line:#999;--back:#fff;--bar:#555;--stripe:#fff}body{font-size:10pt;margin:0;max-width:none}nav{display:none}
thead{display:table-header-group}tr,svg{break-inside:avoid}h2{break-after:avoid}.wide{overflow:visible}th,td{overflow-wrap:anywhere}svg{max-width:16cm}td{white-space:normal}
svg rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

export function* renderHtml(
  report: Report,
  tables: readonly ReportTable[],
  clock: LocalClock,
): Iterable<string> {
  const title = `Report of ${report.archive}`;
  yield '<!doctype html><html lang="en"><head><meta charset="utf-8">';
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">';
  yield `<title>${htmlText(title)}</title><style>${STYLE}</style></head><body><main><h1>${htmlText(title)}</h1>`;
  for (const line of reportFacts(report, clock)) yield `<p class="facts">${htmlText(line)}</p>`;
  yield '<nav aria-label="Tables"><ul>';
  for (const { id, title } of tables) yield `<li><a href="#${id}">${htmlText(title)}</a></li>`;
  yield '</ul></nav>';
  for (const table of tables) yield* section(table, clock);
  yield `</main><footer>Made by Sallyport on ${htmlText(report.made)}. Time zone ${htmlText(report.timeZone)}.</footer></body></html>\n`;
}

function* section(table: ReportTable, clock: LocalClock): Iterable<string> {
  const { id, title, facts, note, columns, rows } = table;
  yield `<section aria-labelledby="${id}"><h2 id="${id}">${htmlText(title)}<small>${htmlText(facts)}</small></h2>`;
  if (note !== undefined) yield `<p class="note">${htmlText(note)}</p>`;
  if (rows.length === 0) {
    yield '<p>None.</p></section>';
    return;
  }
  yield chart(table, clock);
  yield `<div class="wide"><table aria-labelledby="${id}"><thead><tr>`;
  for (const { title, kind } of columns) {
    yield `<th scope="col"${kind === 'text' ? '' : ' class="number"'}>${htmlText(title)}</th>`;
  }
  yield '</tr></thead><tbody>';
  for (const row of rows) {
    const cells = columns.map(({ kind }, i) => {
      const shown = htmlText(showCell(row[i], kind, clock));
      if (i === 0) return `<th scope="row">${shown}</th>`;
      return `<td class="${kind === 'text' ? 'text' : 'number'}">${shown}</td>`;
    });
    yield `<tr>${cells.join('')}</tr>`;
  }
  yield '</tbody></table></div></section>';
}

function chart({ title, columns, rows, chart }: ReportTable, clock: LocalClock): string {
  if (chart === undefined) return '';
  const kind = columns[chart.value]?.kind ?? 'count';
  const points = rows.map((row) => ({
    label: String(row[0] ?? ''),
    value: Number(row[chart.value] ?? 0),
    shown: showCell(row[chart.value], kind, clock),
  }));
  const what = `${title}: ${columns[chart.value]?.title ?? ''}`;
  return chart.kind === 'bars' ? barChart(what, points) : columnChart(what, points);
}
