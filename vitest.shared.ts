import { join } from 'node:path'
import { defaultServerConditions } from 'vite'
import { defineProject } from 'vitest/config'

// Workspace packages resolve to their TypeScript sources, so tests need no build.
// Vite replaces its default conditions by what is given here: they have to be repeated.
const conditions = ['@tusker/source', ...defaultServerConditions]

type Project = ReturnType<typeof defineProject>
type TestOptions = Extract<Parameters<typeof defineProject>[0], { test?: unknown }>['test']

/** The vitest project of one package. `test` adds to what every package has, or replaces it. */
export const project = (name: string, test: TestOptions = {}): Project =>
  defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      // Files share the modules of their worker: loading them anew takes a third of the processor's time.
      isolate: false,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      setupFiles: [join(import.meta.dirname, 'packages/testing/test/support/test-rounds.ts')],
      // Limits for what hangs: nothing is to fail because a machine is slow.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 30_000 } },
      ...test,
    },
  })
