import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { loadConfigFromFile } from 'vite'
import type { ViteUserConfig } from 'vitest/config'
import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'
import { project } from './vitest.shared.ts'

/**
 * The files that take longest, in the order in which they start: the last ones to end must be short. Files that use
 * the processor and files that wait take turns.
 */
const LONGEST = [
  'apps/demo/test/page-look.test.ts',
  'packages/store-s3/test/conversations.test.ts',
  'packages/store-redis/test/conversations.test.ts',
  'packages/store-s3/test/ceph-contracts.test.ts',
  'apps/demo/test/page-uploads.test.ts',
  'packages/store-redis/test/locker-contract.test.ts',
  'packages/store-fs/test/conversations.test.ts',
  'packages/store-s3/test/redis.test.ts',
  'apps/demo/test/page-resuming.test.ts',
  'packages/store-redis/test/lease-lost-data.test.ts',
  'packages/adapter-fastify/test/fastify.test.ts',
  'apps/demo/test/page.test.ts',
  'apps/demo/test/several-processes.test.ts',
  'packages/store-fs/test/killed-writer.test.ts',
  'apps/demo/test/demo.test.ts',
  'packages/adapter-koa/test/koa.test.ts',
  'apps/demo/test/sweep-of-others.test.ts',
  'packages/store-redis/test/shared-directory.test.ts',
  'packages/adapter-express/test/express.test.ts',
  'examples/test/nginx.test.ts',
  'packages/store-s3/test/killed.test.ts',
  'packages/adapter-fetch/test/hono.test.ts',
  'apps/demo/test/browser.test.ts',
].map((path) => join(import.meta.dirname, path))

/** A fresh clone has no durations of an earlier run: the longest files are listed above. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const long = sorted.filter(({ moduleId }) => LONGEST.includes(moduleId))
    long.sort((one, two) => LONGEST.indexOf(one.moduleId) - LONGEST.indexOf(two.moduleId))
    return [...long, ...sorted.filter((file) => !long.includes(file))]
  }
}

type Project = ReturnType<typeof project>

/**
 * The tests of all folders as one vitest project, for a run of everything. A worker serves one project only:
 * with a project for each folder, much of the time goes into starting workers and loading the same
 * modules again. Files that replace modules are a project of their own, in which each has its own worker.
 */
export async function together(folders: readonly string[]): Promise<Project[]> {
  const include: string[] = []
  const globalSetup = new Set<string>()
  for (const folder of folders) {
    const test = await testOptions(folder)
    include.push(...(test.include ?? []).map((pattern) => posix.join(folder, pattern)))
    for (const path of [test.globalSetup ?? []].flat()) {
      globalSetup.add(join(import.meta.dirname, folder, path))
    }
  }
  const mocking = folders.flatMap(mockingFiles)
  return [
    project('all', { include, exclude: [...EXCLUDED, ...mocking], globalSetup: [...globalSetup] }),
    project('mocking', { include: mocking, isolate: true }),
  ]
}
const EXCLUDED = ['**/node_modules/**']

async function testOptions(folder: string): Promise<NonNullable<ViteUserConfig['test']>> {
  const path = join(import.meta.dirname, folder, 'vitest.config.ts')
  const loaded = await loadConfigFromFile({ command: 'serve', mode: 'test' }, path)
  const config: ViteUserConfig | undefined = loaded?.config
  return config?.test ?? {}
}

/** The test files of a folder that replace modules, as paths from the root. */
function mockingFiles(folder: string): string[] {
  return readdirSync(join(import.meta.dirname, folder), { withFileTypes: true }).flatMap(
    (entry) => {
      const path = posix.join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : mockingFiles(path)
      if (!path.endsWith('.test.ts')) return []
      const text = readFileSync(join(import.meta.dirname, path), 'utf8')
      return /\bvi\.(mock|doMock)\(/.test(text) ? [path] : []
    },
  )
}
