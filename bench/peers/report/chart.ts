import { medianOf, type Result } from "../result.ts";
import { formatNumber } from "./number.ts";

/** The rows of the chart, each a panel. */
const PANELS = ["unary-1", "unary-64", "download", "upload", "download-64k", "unary-1m"];

const PANEL_WIDTH = 400;
const COLUMNS = 2;
const TITLE_HEIGHT = 28;
const BAR_HEIGHT = 18;
const PANEL_GAP = 22;
const NAME_WIDTH = 100;
const NUMBER_WIDTH = 80;

const STYLE = `text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.bar { fill: #9aa4b2 }
.ours { fill: #1f6feb }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .bar { fill: #6b7684 }
  .ours { fill: #4493f8 }
}`;

/** A chart of the most telling rows in SVG, one bar for each side that calls. */
export function chart(result: Result): string {
  const sides = result.sides.filter(({ name }) => name !== "raw");
  const panelHeight = TITLE_HEIGHT + sides.length * BAR_HEIGHT + PANEL_GAP;
  const rows = PANELS.flatMap((panel) => result.rows.filter(({ name }) => name === panel));
  const panels = rows.map(({ name, title, unit }, i) => {
    const values = sides.map((side) => medianOf(result, name, side.name));
    const most = Math.max(...values.map((value = 0) => value));
    const bars = sides.map((side, j) => bar(j, side, values[j], most));
    const [x, y] = [(i % COLUMNS) * PANEL_WIDTH, Math.floor(i / COLUMNS) * panelHeight];
    return `<g transform="translate(${x} ${y})">
<text class="title" x="8" y="18">${escape(title)}, ${unit}</text>
${bars.join("\n")}
</g>`;
  });
  const height = Math.ceil(rows.length / COLUMNS) * panelHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PANEL_WIDTH * COLUMNS} ${height}" role="img">
<title>This module and its peers</title>
<style>${STYLE}</style>
${panels.join("\n")}
</svg>
`;
}

function bar(
  i: number,
  { name, title }: Result["sides"][number],
  value: number | undefined,
  most: number,
): string {
  const y = TITLE_HEIGHT + i * BAR_HEIGHT;
  const width = Math.max(1, (value ?? 0) / most * (PANEL_WIDTH - NAME_WIDTH - NUMBER_WIDTH)).toFixed(1);
  const kind = name === "ours" ? "bar ours" : "bar";
  const end = NAME_WIDTH + Number(width) + 6;
  return `<text x="${NAME_WIDTH - 6}" y="${y + 12}" text-anchor="end">${escape(title)}</text>` +
    (value === undefined
      ? `<text x="${NAME_WIDTH}" y="${y + 12}">–</text>`
      : `<rect class="${kind}" x="${NAME_WIDTH}" y="${y + 2}" width="${width}" height="${
        BAR_HEIGHT - 5
      }" rx="2"/>` +
        `<text x="${end}" y="${y + 12}">${formatNumber(value)}</text>`);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
