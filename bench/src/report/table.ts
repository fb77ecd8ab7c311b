import type { Figure, Result, WorkResult } from '../result.ts'
import { figureOf, hostedRatio } from '../result.ts'
import type { ServerKind } from '../server-list.ts'
import type { Unit } from '../works/work.ts'

/** A cell of a table: the ratio of CPU time to the floor, or the value where that says more. */
export function cellOf(unit: Unit, figure: Figure | null): string {
  if (figure === null) return '–'
  if (unit === 'KiB each') return `${figure.value.toFixed(0)} KiB`
  if (unit === '% of a core') return `${figure.value.toFixed(1)} %`
  return figure.ratio === null ? '–' : figure.ratio.toFixed(2)
}

/** All figures for a terminal: each work with a line for each server. */
export function textTable({ works }: Result, servers: readonly ServerKind[]): string {
  return works
    .map((work) => {
      const lines = servers.flatMap((server) => {
        const figure = figureOf(work, server.name)
        if (figure === null) return []
        const value = figure.value.toFixed(1).padStart(10)
        const ratio =
          figure.ratio === null ? '' : `${figure.ratio.toFixed(2).padStart(7)} × ${server.floor}`
        return [`  ${server.title.padEnd(38)}${value} ${work.unit.padEnd(12)}${ratio}`]
      })
      return [`${work.title}`, ...lines, ''].join('\n')
    })
    .join('\n')
}

/** A table for a page, with a column for each server. */
export function markdownTable(result: Result, servers: readonly ServerKind[]): string {
  return tableOf(result, servers, (work, { name }) => cellOf(work.unit, figureOf(work, name)))
}

/** What the upload server costs in each framework, beside what that framework explains. See `hostedRatio`. */
export function hostedTable(result: Result, servers: readonly ServerKind[]): string {
  return tableOf(result, servers, (work, { name }) => {
    const ratio = hostedRatio(work, { hosted: name, alone: 'tusker', floor: 'floor' })
    return ratio === null ? '–' : ratio.toFixed(2)
  })
}

function tableOf(
  { works }: Result,
  servers: readonly ServerKind[],
  cell: (work: WorkResult, server: ServerKind) => string,
): string {
  const rows = works.map((work) => [work.title, ...servers.map((server) => cell(work, server))])
  const lines = [
    ['', ...servers.map(({ title }) => title)],
    ['---', ...servers.map(() => '--:')],
    ...rows,
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
