import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { STATUS } from '../src/http/error-response.ts'

it('docs/operating.md lists each error code with its status', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/operating.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)]
  const table = rows.map(([, code = '', status]) => [code, Number(status)])
  expect(Object.fromEntries(table)).toEqual(STATUS)
  expect(table).toHaveLength(Object.keys(STATUS).length)
})
