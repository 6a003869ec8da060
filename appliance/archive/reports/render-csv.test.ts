/** A table for spreadsheets keeps its rows, whatever names are in it. */
import { describe, expect, it } from 'vitest';
import { renderCsv } from './render-csv.ts';

describe('a report in CSV', () => {
  it.each(['\n', '\r'])('quotes a line break (%j) within a name', (lineBreak) => {
    const csv = renderCsv({
      ...{ id: 'x', title: 'x', facts: '', note: undefined, chart: undefined },
      columns: [{ title: 'file', kind: 'text' }],
      rows: [[`plan${lineBreak}=cmd|' /C calc'!A0`]],
    });
    expect(csv).toBe(`\ufefffile\r\n"plan${lineBreak}=cmd|' /C calc'!A0"\r\n`);
  });
});
