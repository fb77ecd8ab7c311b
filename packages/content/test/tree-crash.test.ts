import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { random, rounds } from '../../testing/test/support/test-rounds.ts'
import type { ContentTree } from '../src/tree/content-tree.ts'
import { directoryTree } from '../src/tree/directory-tree.ts'
import { addNumbered, addShared, readNumber, replaceNumbered } from './support/numbered-content.ts'
import { programPath } from './support/programs.ts'

const KILLS = 4 * rounds

let directory: string
let tree: ContentTree

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tusker-crash-'))
  tree = directoryTree({ directory })
  await addShared(tree)
})
afterEach(() => rm(directory, { recursive: true, force: true }))

it(
  'shows whole objects only and each upload once, however often the writer is killed',
  async () => {
    let next = 0
    for (let kill = 0; kill < KILLS; kill += 1) {
      const last = await writeUntilKilled(next)
      // A server does this after a crash: it delivers each upload again that has no recorded outcome.
      await addNumbered(tree, last)
      await replaceNumbered(tree, last)
      next = last + 1
      expect(await numbersOf()).toEqual(
        Array.from({ length: next }, (_, number) => number % 251).sort(),
      )
      expect(await sharedNumber()).toBe(last % 251)
      expect(await versionsOfShared()).toBe(1)
    }
    expect(next).toBeGreaterThan(KILLS)
  },
  60_000 * (1 + rounds),
)

/** Lets a writer work from `first` on, looks at all it makes meanwhile, and kills it at some moment. */
async function writeUntilKilled(first: number): Promise<number> {
  const writer = spawn(
    process.execPath,
    [programPath('crashing-writer'), directory, String(first)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  writer.stdout.on('data', (chunk) => (output += String(chunk)))
  await once(writer.stdout, 'data')
  // Not before it has written another one, however slow it is. Then at any moment.
  const linesOf = () => output.split('\n').length
  while (linesOf() < 3) await lookAtAll()
  const end = Date.now() + random() * 150
  while (Date.now() < end) await lookAtAll()
  writer.kill('SIGKILL')
  await once(writer, 'close')
  return Number(output.trimEnd().split('\n').at(-1))
}

async function lookAtAll(): Promise<void> {
  await numbersOf()
  await sharedNumber()
  await setTimeout(random() * 5)
}

async function numbersOf(): Promise<number[]> {
  const numbers: number[] = []
  for await (const object of tree.children('/')) {
    const field = object.fields.get('file')
    if (field === undefined) throw new Error(`${object.path} has no bytes`)
    if (object.id === 'shared.bin') continue
    const number = await readNumber(field)
    if (number === null) throw new Error(`${object.path} was replaced`)
    numbers.push(number)
  }
  return numbers.sort()
}

async function sharedNumber(): Promise<number> {
  while (true) {
    const field = (await tree.find('/shared.bin'))?.fields.get('file')
    if (field === undefined) throw new Error('the object that is replaced was not there')
    const number = await readNumber(field)
    if (number !== null) return number
  }
}

async function versionsOfShared(): Promise<number> {
  const uid = (await tree.find('/shared.bin'))?.uid ?? ''
  return (await readdir(join(directory, 'root', 'children', 'shared.bin', uid))).length
}
