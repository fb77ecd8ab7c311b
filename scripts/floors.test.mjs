// The floors are only as good as the rules that hold them: these show that the rules fire.
import { ESLint, Linter } from 'eslint'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import tseslint from 'typescript-eslint'
import { describe, expect, test } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const eslint = new ESLint({ cwd: root })
const linter = new Linter()

/** What the rules about imports and globals say of `code`, were it in this file of core. */
async function complaints(path, code) {
  const { rules } = await eslint.calculateConfigForFile(`${root}/packages/core/src/${path}`)
  const chosen = ['no-restricted-imports', 'no-restricted-globals', 'no-restricted-syntax']
  return linter
    .verify(code, {
      languageOptions: { parser: tseslint.parser },
      rules: Object.fromEntries(chosen.map((name) => [name, rules[name] ?? 'off'])),
    })
    .map(({ message }) => message)
}
const imports = (path, from) =>
  complaints(path, `import type { X } from '${from}'\nexport type Y = X\n`)

describe('a file of core imports from its own floor or below', () => {
  test.each([
    ['upload.ts', './http.ts'],
    ['grammar/metadata.ts', './base64.ts'],
    ['grammar/metadata.ts', '../error.ts'],
    ['store.ts', './upload.ts'],
    ['meter.ts', './store.ts'],
    ['engine/append.ts', './settle.ts'],
    ['engine/append.ts', '../meter.ts'],
    ['tus/create.ts', '../engine/engine.ts'],
    ['tus/create.ts', '../grammar/integer.ts'],
    ['tus/create.ts', './fields.ts'],
    ['tus/fields/lengths.ts', '../fields.ts'],
    ['tus/fields/lengths.ts', '../../grammar/integer.ts'],
    ['server.ts', './tus/index.ts'],
    ['a-new-file.ts', './engine/engine.ts'],
    ['server.test.ts', 'node:fs'],
  ])('%s may import %s', async (path, from) => {
    expect(await imports(path, from)).toEqual([])
  })

  test.each([
    ['http.ts', './store.ts'],
    ['upload.ts', './grammar/metadata.ts'],
    ['grammar/metadata.ts', '../upload.ts'],
    ['grammar/metadata.ts', '../engine/engine.ts'],
    ['store.ts', './engine/engine.ts'],
    ['store.ts', './meter.ts'],
    ['meter.ts', './engine/commands.ts'],
    ['engine/append.ts', '../grammar/metadata.ts'],
    ['engine/append.ts', '../tus/fields.ts'],
    ['engine/append.ts', '../server.ts'],
    ['engine/append.ts', './../server.ts'],
    ['engine/append.ts', '../a-new-file.ts'],
    ['engine/steps/append.ts', '../../server.ts'],
    ['engine/steps/append.ts', '../../grammar/integer.ts'],
    ['protocol.ts', './tus/index.ts'],
    ['tus/create.ts', '../draft/create.ts'],
    ['draft/create.ts', '../tus/create.ts'],
    ['tus/create.ts', '../server.ts'],
    ['tus/create.ts', '../memory-locker.ts'],
    ['tus/create.ts', '../urls.ts'],
    ['server.ts', 'node:fs'],
    ['engine/append.ts', 'node:crypto'],
    ['tus/create.ts', 'some-package'],
  ])('%s may not import %s', async (path, from) => {
    expect(await imports(path, from)).toHaveLength(1)
  })

  test('a re-export is an import', async () => {
    expect(await complaints('store.ts', "export * from './server.ts'\n")).toHaveLength(1)
  })
})

describe('core runs outside Node', () => {
  test.each(['Buffer.from("")', 'process.env', 'setImmediate(() => {})', 'import("./server.ts")'])(
    '%s is refused',
    async (code) => {
      expect(await complaints('server.ts', `${code}\n`)).toHaveLength(1)
      expect(await complaints('engine/append.ts', `${code}\n`)).toHaveLength(1)
    },
  )
})
