import { execFile } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Builds a Next.js application around a bundled route handler. It must be below the folder in which Next.js
 * is installed.
 */
export async function buildNextApp(directory: string, next: string): Promise<void> {
  const route = join(directory, 'app/files/[[...path]]')
  await mkdir(route, { recursive: true })
  await copyFile(join(directory, 'next-route.js'), join(route, 'route.js'))
  await writeFile(join(directory, 'app/layout.js'), LAYOUT)
  await writeFile(join(directory, 'app/page.js'), PAGE)
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }\n')
  await promisify(execFile)(process.execPath, [next, 'build'], {
    cwd: directory,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  })
}

const LAYOUT = `import { createElement as h } from 'react'
export default ({ children }) => h('html', null, h('body', null, children))
`
const PAGE = `export default () => 'hello'
`
