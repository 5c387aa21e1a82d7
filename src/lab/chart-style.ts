/** How many targets can be told apart by their colour. */
export const PALETTE_SIZE = 10

/** Colours that keep their distance on white and on black, to most eyes. */
const PALETTE = [
  ['#3b7dd8', '#6aa5f0'],
  ['#e0752d', '#f0924f'],
  ['#2e9e6b', '#4cc38a'],
  ['#b6499c', '#d774c0'],
  ['#c9a21f', '#e3c04a'],
  ['#5f6fd0', '#8a97ee'],
  ['#2aa0ad', '#4cc5d2'],
  ['#cf4a4a', '#ee7272'],
  ['#7d8a2e', '#a8b653'],
  ['#8a6a52', '#b8937a'],
] as const

const LIGHT = ['--paper:#ffffff', '--ink:#1f2328', '--faint:#59636e', '--grid:#d9dee3']
const DARK = ['--paper:#0d1117', '--ink:#e6edf3', '--faint:#9198a1', '--grid:#30363d']

/** Colours go by what whoever looks prefers; the paper is ours, so any page will do. */
export const STYLE = [
  `svg{${rootOf(LIGHT, 0)}}`,
  `@media (prefers-color-scheme:dark){svg{${rootOf(DARK, 1)}}}`,
  'text{font:12px system-ui,-apple-system,Segoe UI,sans-serif;fill:var(--faint)}',
  '.paper{fill:var(--paper)}',
  '.title{font-size:16px;font-weight:600;fill:var(--ink)}',
  '.name{font-size:13px;font-weight:600;fill:var(--ink)}',
  '.key{fill:var(--ink)}',
  '.tick{font-size:10.5px}',
  '.end{text-anchor:end}',
  '.middle{text-anchor:middle}',
  '.grid{stroke:var(--grid);fill:none}',
  '.phase{stroke:var(--faint);stroke-dasharray:2 3;fill:none}',
  '.line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}',
  '.p50{stroke:var(--c2)}',
  '.p90{stroke:var(--c4);stroke-dasharray:5 3}',
  '.p99{stroke:var(--c7);stroke-width:2.2}',
  '.area{stroke:var(--paper);stroke-width:.6}',
  ...PALETTE.map((_, i) => `.a${i}{fill:var(--c${i})}`),
].join('')

function rootOf(colours: readonly string[], column: 0 | 1): string {
  return [...colours, ...PALETTE.map((pair, i) => `--c${i}:${pair[column]}`)].join(';')
}
