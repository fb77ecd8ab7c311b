import { defineConfig } from 'tsup'

type Entry = Record<string, string> | string[]

/** How every published package is built: ESM, declarations, one file for each entry. */
export const library = (entry: Entry = ['src/index.ts']): ReturnType<typeof defineConfig> =>
  defineConfig({
    entry,
    format: ['esm'],
    // Without the workspace's condition: declarations name other packages, they do not inline them.
    // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
    dts: { compilerOptions: { ignoreDeprecations: '6.0', customConditions: [] } },
    sourcemap: true,
    clean: true,
    target: 'node20',
    platform: 'node',
  })
