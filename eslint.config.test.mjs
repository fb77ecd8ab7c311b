// Rules about imports are only as good as their configuration: these tests show that the rules report.
import { ESLint } from 'eslint'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = dirname(fileURLToPath(import.meta.url))
const eslint = new ESLint({ cwd: root })

/** The rules that report `code` as the text of a file of packages/. */
async function rulesAgainst(path, code) {
  const [{ messages }] = await eslint.lintText(code, { filePath: `${root}/packages/${path}` })
  return messages.map(({ ruleId }) => ruleId)
}
const imported = (path, from) => rulesAgainst(path, `export type { X } from '${from}'\n`)

it.each([
  ['core/src/tus/patch.ts', '../engine/engine.ts'],
  ['core/src/tus/fields/lengths.ts', '../fields.ts'],
  ['core/src/server/server.ts', '../options.ts'],
  ['core/src/index.ts', './tus/index.ts'],
  ['store-fs/src/data/append.ts', '../records/file-records.ts'],
  ['store-fs/src/fs-store.ts', './data/append.ts'],
  ['store-redis/src/client/run-script.ts', '../errors.ts'],
])('eslint: %s may import %s', async (path, from) => {
  expect(await imported(path, from)).toEqual([])
})

it.each([
  ['core/src/model/upload.ts', '../ports/store.ts'],
  ['core/src/engine/append.ts', '../grammar/metadata.ts'],
  ['core/src/engine/append.ts', '../tus/patch.ts'],
  ['core/src/engine/steps/append.ts', '../../server/server.ts'],
  ['core/src/engine/append.ts', '../options.ts'],
  ['core/src/http/cors.ts', '../tus/index.ts'],
  ['store-fs/src/files/disk.ts', '../data/append.ts'],
  ['store-fs/src/locker/file-locker.ts', '../fs-store.ts'],
  ['store-redis/src/client/commands.ts', '../store/find.ts'],
  ['adapter-node/src/server/http2.ts', '../request/drain.ts'],
])('eslint: %s may not import %s', async (path, from) => {
  expect(await imported(path, from)).toEqual(['boundaries/dependencies'])
})

it.each(['node:crypto', 'some-package'])('eslint: core may not import %s', async (from) => {
  expect(await imported('core/src/engine/append.ts', from)).toEqual(['no-restricted-imports'])
})

it.each(['Buffer.from("")', 'process.env', 'setImmediate(() => {})'])(
  'eslint: core may not use %s',
  async (code) => {
    expect(await rulesAgainst('core/src/engine/append.ts', `${code}\n`)).toEqual([
      'no-restricted-globals',
    ])
  },
)

it.each(['const a = { ...{ b } }', 'f(...[b])'])(
  'eslint: a literal spread is reported: %s',
  async (code) => {
    expect(await rulesAgainst('core/test/a.test.ts', `${code}\n`)).toEqual(['no-restricted-syntax'])
    expect(await rulesAgainst('core/src/engine/append.ts', `${code}\n`)).toEqual([
      'no-restricted-syntax',
    ])
  },
)

it.each(['const a = { get b() { return 1 } }', 'a.b = () => {}', 'this.b = function () {}'])(
  'eslint: a function that V8 keeps until a full collection is reported: %s',
  async (code) => {
    const rules = ['no-restricted-syntax']
    expect(await rulesAgainst('core/src/engine/append.ts', `${code}\n`)).toEqual(rules)
    expect(await rulesAgainst('adapter-node/src/request/drain.ts', `${code}\n`)).toEqual(rules)
  },
)
