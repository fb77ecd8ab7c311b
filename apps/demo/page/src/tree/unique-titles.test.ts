import { expect, it } from 'vitest'
import { item } from '../../../test/support/item.ts'
import { uniqueTitles } from './unique-titles.ts'

it('objects with the same title get their id added to it', () => {
  const same = [
    item('a.txt', 1),
    item('a-1.txt', 1, undefined, 'a.txt'),
    item('b', 1, undefined, 'B'),
  ]
  expect(uniqueTitles(same).map(({ title }) => title)).toEqual(['a.txt', 'a.txt (a-1.txt)', 'B'])
})
