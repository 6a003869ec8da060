/**
 * A chart as SVG within HTML: no script, no font of its own, colours from the page (dark mode, print). Its
 * numbers stand in the table beside it; to who cannot see it, it says its title and its largest value.
 */
import { htmlText } from '../export/html-text.ts';

export interface ChartPoint {
  readonly label: string;
  readonly value: number;
  /** The value as people read it. */
  readonly shown: string;
}

const WIDTH = 640;
const COLUMN_HEIGHT = 160;
const BAR_HEIGHT = 18;
const LABEL_WIDTH = 200;
const VALUE_WIDTH = 90;
/** Characters of a label that fit into LABEL_WIDTH. */
const LABEL_CHARACTERS = 28;
const MOST_BARS = 15;
/** Of a column, and of the label under it. */
const WIDEST_COLUMN = 72;
const LABEL_ROOM = 64;
/** Columns side by side that can still be told apart. */
const MOST_COLUMNS = 400;

export function barChart(title: string, points: readonly ChartPoint[]): string {
  const shown = points.filter(({ value }) => value > 0).slice(0, MOST_BARS);
  if (shown.length === 0) return '';
  const largest = Math.max(...shown.map(({ value }) => value));
  const room = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const bars = shown.map(({ label, value, shown }, i) => {
    const y = i * (BAR_HEIGHT + 4);
    const width = Math.max(1, (value / largest) * room).toFixed(1);
    const middle = y + BAR_HEIGHT - 5;
    return (
      `<text class="label" x="${LABEL_WIDTH - 8}" y="${middle}">${htmlText(shortened(label))}</text>` +
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}"/>` +
      `<text x="${(LABEL_WIDTH + Number(width) + 6).toFixed(1)}" y="${middle}">${htmlText(shown)}</text>`
    );
  });
  return svg(title, shown, WIDTH, shown.length * (BAR_HEIGHT + 4), bars.join(''));
}

export function columnChart(title: string, points: readonly ChartPoint[]): string {
  const largest = Math.max(0, ...points.map(({ value }) => value));
  if (largest === 0 || points.length > MOST_COLUMNS) return '';
  const step = Math.min(WIDEST_COLUMN, WIDTH / points.length);
  const every = Math.ceil(LABEL_ROOM / step);
  const bars = points.map(({ label, value, shown }, i) => {
    const height = value === 0 ? 0 : Math.max(1, (value / largest) * COLUMN_HEIGHT);
    const x = (i * step).toFixed(1);
    const tip = `<title>${htmlText(`${label}: ${shown}`)}</title>`;
    const column =
      `<rect x="${x}" y="${(14 + COLUMN_HEIGHT - height).toFixed(1)}" ` +
      `width="${Math.max(0.5, step - 2).toFixed(1)}" height="${height.toFixed(1)}">${tip}</rect>`;
    const name =
      i % every === 0 ? `<text x="${x}" y="${COLUMN_HEIGHT + 30}">${htmlText(label)}</text>` : '';
    return column + name;
  });
  const top = points.find(({ value }) => value === largest)?.shown ?? '';
  const line =
    `<line x1="0" x2="${WIDTH}" y1="14" y2="14"/><text x="0" y="11">${htmlText(top)}</text>` +
    `<line x1="0" x2="${WIDTH}" y1="${COLUMN_HEIGHT + 14}" y2="${COLUMN_HEIGHT + 14}"/>`;
  return svg(title, points, WIDTH, COLUMN_HEIGHT + 36, line + bars.join(''));
}

function svg(
  title: string,
  points: readonly ChartPoint[],
  width: number,
  height: number,
  inside: string,
): string {
  const most = points.reduce((a, b) => (b.value > a.value ? b : a));
  const says = `${title}, as a chart; most: ${most.label} with ${most.shown}. All numbers are in the table.`;
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${htmlText(says)}">` +
    `${inside}</svg>`
  );
}

function shortened(label: string): string {
  const characters = [...label];
  if (characters.length <= LABEL_CHARACTERS) return label;
  return `${characters.slice(0, LABEL_CHARACTERS - 1).join('')}…`;
}
