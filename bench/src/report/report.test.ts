import { expect, it } from 'vitest'
import type { Result } from '../result.ts'
import type { ServerKind } from '../server-list.ts'
import { chart } from './chart.ts'
import { withTable } from './pages.ts'
import { topFunctions } from './profile.ts'
import { cellOf, markdownTable } from './table.ts'

const server = (name: string): ServerKind => ({
  name,
  title: `<${name}>`,
  group: 'stores',
  floor: 'floor',
  abilities: [],
})

const result: Result = {
  node: '20.20.2',
  platform: 'linux x64',
  date: '2026-01-01T00:00:00.000Z',
  quick: false,
  works: [
    {
      name: 'head',
      title: 'HEAD',
      unit: 'us each',
      samples: {
        floor: [{ user: 0, system: 0, wall: 0, value: 10, floor: 10 }],
        tusker: [{ user: 0, system: 0, wall: 0, value: 25, floor: 10 }],
      },
    },
  ],
}

it('the table shows ratios, and a dash for a server that was not measured', () => {
  const table = markdownTable(result, [server('tusker'), server('uploadx')])
  expect(table).toContain('| HEAD | 2.50 | – |')
})

it.each([
  ['KiB each', '12 KiB'],
  ['% of a core', '12.3 %'],
  ['ms/GiB', '1.50'],
] as const)('the table shows %s as %s', (unit, cell) => {
  expect(cellOf(unit, { value: 12.3, ratio: 1.5 })).toBe(cell)
})

it('the chart has a bar and a label for each ratio, and escapes its words', () => {
  const svg = chart(result, [server('tusker'), server('uploadx')])
  expect(svg).toContain('>2.50</text>')
  expect(svg).toContain('&lt;tusker>')
  expect(svg).not.toContain('<tusker>')
})

it('a page keeps everything outside the marks of its table', () => {
  const page =
    'before\n<!-- benchmark: made by a command -->\n\nold\n\n<!-- /benchmark -->\nafter\n'
  expect(withTable(page, 'new')).toBe(page.replace('old', 'new'))
})

it('a page without marks is refused', () => {
  expect(() => withTable('text', 'new')).toThrow('no place for the benchmark')
})

it('the top of a profile counts the own time of functions, and leaves idle time out', () => {
  const frame = (
    functionName: string,
  ): { functionName: string; url: string; lineNumber: number } => ({
    functionName,
    url: '',
    lineNumber: 0,
  })
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('open') },
      { id: 3, callFrame: frame('write') },
    ],
    samples: [1, 2, 3, 2],
    timeDeltas: [100, 10, 10, 20],
  }
  expect(topFunctions(profile, 2)).toEqual([
    { name: 'open', share: 0.75 },
    { name: 'write', share: 0.25 },
  ])
})
