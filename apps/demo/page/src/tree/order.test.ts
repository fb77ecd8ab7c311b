import { expect, it } from 'vitest'
import { item } from '../../../test/support/item.ts'
import type { Column } from './order.ts'
import { sorted } from './order.ts'

const items = [
  item('file 10', 1, '2026-03-01T00:00:00Z'),
  item('File 2', 3, '2026-01-01T00:00:00Z'),
  item('a', 2, '2026-02-01T00:00:00Z'),
  item('z folder', null, '2026-04-01T00:00:00Z'),
]

it.each([
  ['name', false, ['z folder', 'a', 'File 2', 'file 10']],
  ['name', true, ['z folder', 'file 10', 'File 2', 'a']],
  ['size', false, ['z folder', 'file 10', 'a', 'File 2']],
  ['modified', true, ['z folder', 'file 10', 'a', 'File 2']],
] satisfies [Column, boolean, string[]][])(
  'the items of a folder are sorted by %s, descending: %s',
  (column, descending, ids) => {
    expect(sorted(items, { column, descending }).map(({ id }) => id)).toEqual(ids)
  },
)
