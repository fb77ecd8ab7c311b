import { expect, it } from 'vitest'
import type { Item } from '../api/types.ts'
import type { Conflict } from './conflicts.ts'
import type { Answer } from './decide.ts'
import { canReplace, decide } from './decide.ts'

function conflict(id: string, existing: Partial<Item> | null): Conflict {
  const item = { '@id': `/content/${id}`, id, is_folderish: false, rights: ['modify'], ...existing }
  return {
    id,
    name: id,
    freeName: `${id} (2)`,
    folders: [],
    existing: existing === null ? null : (item as unknown as Item),
  }
}

const file = conflict('file', {})
const other = conflict('other', {})
const folder = conflict('folder', { is_folderish: true })
const forbidden = conflict('forbidden', { rights: ['view'] })
const underWay = conflict('under way', null)

/** Gives these answers in turn, and notes what each was about. */
function answering(...answers: (Answer | null)[]): {
  ask: (open: readonly Conflict[]) => Promise<Answer | null>
  asked: string[]
} {
  const asked: string[] = []
  return {
    asked,
    ask: (open) => {
      asked.push(open.map(({ id }) => id).join(', '))
      return Promise.resolve(answers.shift() ?? null)
    },
  }
}

it('asks once when the answer is for all', async () => {
  const { ask, asked } = answering({ choice: 'keep_both', forAll: true })
  const choices = await decide([file, folder, underWay], ask)
  expect(asked).toEqual(['file, folder, under way'])
  expect([...(choices ?? [])].map(([, choice]) => choice)).toEqual(Array(3).fill('keep_both'))
})

it('asks about each conflict when the answers are for one', async () => {
  const { ask, asked } = answering(
    { choice: 'skip', forAll: false },
    { choice: 'replace', forAll: false },
  )
  const choices = await decide([file, other], ask)
  expect(asked).toEqual(['file, other', 'other'])
  expect(choices).toEqual(
    new Map([
      ['file', 'skip'],
      ['other', 'replace'],
    ]),
  )
})

it('asks again about what cannot be replaced', async () => {
  const { ask, asked } = answering(
    { choice: 'replace', forAll: true },
    { choice: 'skip', forAll: true },
  )
  const choices = await decide([folder, file, forbidden, underWay], ask)
  expect(asked[1]).toBe('folder, forbidden, under way')
  expect(choices?.get('file')).toBe('replace')
  expect(choices?.get('forbidden')).toBe('skip')
})

it('decides nothing when the user cancels', async () => {
  expect(await decide([file], answering(null).ask)).toBeNull()
})

it('does not ask without conflicts', async () => {
  const { ask, asked } = answering()
  expect(await decide([], ask)).toEqual(new Map())
  expect(asked).toEqual([])
})

it('replaces only a file that the user may modify', () => {
  expect([file, folder, forbidden, underWay].map(canReplace)).toEqual([true, false, false, false])
})
