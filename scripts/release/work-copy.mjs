// A copy of the work tree in which a release can be made without leaving a trace.
import { cpSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { call, root } from '../packages/call.mjs'
import { published } from '../packages/published.mjs'

const LEFT_OUT = new Set(['.git', '.turbo', 'coverage', 'node_modules'])
const GIT = ['-c', 'user.name=release', '-c', 'user.email=release@localhost']

/** Copies the work tree with what was built, installs it, and makes a repository of it. */
export async function workCopy(scratch) {
  const copy = join(scratch, 'work')
  cpSync(root, copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) })
  await call(process.execPath, [pnpm(root), 'install', '--frozen-lockfile', '--prefer-offline'], {
    cwd: copy,
  })
  await git(copy, 'init', '--quiet', '--initial-branch=main')
  await git(copy, 'add', '--all')
  await git(copy, 'commit', '--quiet', '--message=Before the release')
  return copy
}

/** Runs git as somebody, since a machine for tests may not say who it is. */
export function git(cwd, ...args) {
  return call('git', [...GIT, ...args], { cwd })
}

/** The versions that the packages of a copy have. */
export function versionsIn(copy) {
  return published().map(({ folder }) => {
    const manifest = join(copy, 'packages', folder, 'package.json')
    return JSON.parse(readFileSync(manifest, 'utf8')).version
  })
}

function pnpm(directory) {
  return join(directory, 'node_modules/pnpm/bin/pnpm.cjs')
}
