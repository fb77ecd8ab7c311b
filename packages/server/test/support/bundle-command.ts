import { join } from 'node:path'
import { bundleProgram } from '../../../../vitest.bundle.ts'

const root = join(import.meta.dirname, '../..')

/** The file that the tests run in place of the built command. */
export const BUNDLE = join(root, 'node_modules/.cache/tusker-server.mjs')

/** Bundles the command once before the tests. */
export default async function bundleCommand(): Promise<void> {
  await bundleProgram(join(root, 'src/main.ts'), BUNDLE)
}
