import type { Result } from '../result.ts'
import { figureOf } from '../result.ts'
import type { ServerKind } from '../server-list.ts'

const WIDTH = 800
const LABELS = 290
const BAR = 11
const GAP = 14
const TOP = 46
const COLORS = ['#0b7285', '#3bc9db', '#f08c00', '#c2255c', '#868e96']

/** Bars of ratios to the floor, a group for each work. Works without a ratio are left out. */
export function chart(result: Result, servers: readonly ServerKind[]): string {
  const groups = result.works
    .filter(({ unit }) => unit === 'ms/GiB' || unit === 'us each')
    .map((work) => ({
      title: work.title,
      bars: servers.flatMap(({ name }, index) => {
        const ratio = figureOf(work, name)?.ratio ?? null
        return ratio === null ? [] : [{ ratio, color: COLORS[index % COLORS.length] ?? '' }]
      }),
    }))
  const most = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ ratio }) => ratio)))
  const scale = (WIDTH - LABELS - 60) / most

  let y = TOP
  const drawn = groups.map(({ title, bars }) => {
    const height = bars.length * BAR
    const label = text(LABELS - 10, y + height / 2 + 4, title, 'end')
    const rects = bars.map(({ ratio, color }, index) =>
      bar(y + index * BAR, ratio * scale, ratio, color),
    )
    y += height + GAP
    return label + rects.join('')
  })
  const floorLine = `<path d="M${LABELS + scale} ${TOP - 6}V${y - GAP + 6}" stroke="#868e96" stroke-dasharray="3 3"/>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>CPU time of the server, as a ratio to a bare node:http server</title>',
    `<rect width="${WIDTH}" height="${y}" fill="#fff"/>`,
    legend(servers),
    floorLine,
    ...drawn,
    '</svg>',
    '',
  ].join('\n')
}

function legend(servers: readonly ServerKind[]): string {
  let x = 12
  return servers
    .map(({ title }, index) => {
      const at = x
      x += 34 + title.length * 6.6
      const color = COLORS[index % COLORS.length] ?? ''
      return `<rect x="${at}" y="10" width="12" height="12" fill="${color}"/>${text(at + 17, 20, title)}`
    })
    .join('')
}

function bar(y: number, width: number, ratio: number, color: string): string {
  const size = `x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 2}"`
  const label = text(LABELS + width + 5, y + BAR - 2, ratio.toFixed(2))
  return `<rect ${size} fill="${color}"/>${label}`
}

function text(x: number, y: number, words: string, anchor = 'start'): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="#212529" text-anchor="${anchor}">${escaped}</text>`
}
