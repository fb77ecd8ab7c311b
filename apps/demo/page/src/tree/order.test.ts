import { expect, it } from 'vitest'
import type { Item } from '../api/types.ts'
import { distinct } from './distinct.ts'
import type { Column } from './order.ts'
import { sorted } from './order.ts'

function item(
  id: string,
  size: number | null,
  modified = '2026-01-01T00:00:00Z',
  title = id,
): Item {
  const field = { name: 'file', primary: true, filename: id, 'content-type': 'x/y', download: '' }
  return {
    '@id': `/content/${id}`,
    '@type': size === null ? 'Folder' : 'File',
    UID: id,
    id,
    title,
    created: modified,
    modified,
    is_folderish: size === null,
    rights: ['view'],
    fields: size === null ? [] : [{ ...field, size }],
  }
}

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
  'sorts by %s, descending: %s',
  (column, descending, ids) => {
    expect(sorted(items, { column, descending }).map(({ id }) => id)).toEqual(ids)
  },
)

it('tells apart what is called the same', () => {
  const same = [
    item('a.txt', 1),
    item('a-1.txt', 1, undefined, 'a.txt'),
    item('b', 1, undefined, 'B'),
  ]
  expect(distinct(same).map(({ title }) => title)).toEqual(['a.txt', 'a.txt (a-1.txt)', 'B'])
})
