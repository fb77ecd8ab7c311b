import { defineConfig } from 'tsdown'

type Config = ReturnType<typeof defineConfig>
type Entry = Record<string, string> | string[]

/** How every published package is built: ESM, declarations, one file for each entry. */
export const library = (entry: Entry = ['src/index.ts']): Config =>
  defineConfig({
    entry,
    format: ['esm'],
    // oxc refuses an export whose type is not written in its file, so the compiler is not needed here.
    dts: { oxc: true, sourcemap: false },
    sourcemap: true,
    clean: true,
    target: 'node20',
    platform: 'node',
    fixedExtension: false, // .js, since packages say `"type": "module"`
  })

/** How a command is built. It has no declarations: there is nothing in it to import. */
export const command = (entry: Entry): Config =>
  defineConfig({
    entry,
    format: ['esm'],
    dts: false,
    sourcemap: true,
    clean: true,
    target: 'node20',
    platform: 'node',
    fixedExtension: false,
  })
