import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst, together } from './vitest.together.ts'

const inside = (folder: string): string[] =>
  readdirSync(join(import.meta.dirname, folder)).map((name) => `${folder}/${name}`)
const folders = [...inside('packages'), ...inside('apps'), 'scripts', 'examples', 'bench']

export default defineConfig({
  test: {
    // Most of the long tests wait: for a process, for a lease to end, for a client that is slow.
    maxWorkers: 2 * availableParallelism(),
    // `npm test` sets it. `--project NAME` needs a project for each folder.
    projects:
      process.env['TUSKER_TOGETHER'] === '1'
        ? await together(folders)
        : folders.map((folder) => `${folder}/vitest.config.ts`),
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text', 'json-summary'],
    },
  },
})
