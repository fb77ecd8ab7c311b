// Programs of Debian or Ubuntu packages for tests, without root and without installing them.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** True where packages can be fetched: on Debian, Ubuntu and their like. */
export function canFetch(): boolean {
  return ['apt-get', 'dpkg-deb'].every((tool) => spawnSync(tool, ['--version']).status === 0)
}

/**
 * Unpacks packages into `directory`, which then holds `usr` and the like, and with `libraries` those that
 * they ask for. Does nothing where the directory is there already.
 *
 * @throws Error when apt cannot get them
 */
export function fetchPackages(
  names: readonly string[],
  directory: string,
  { libraries = false }: { readonly libraries?: boolean } = {},
): void {
  if (existsSync(directory)) return
  // apt gets its own lists and caches, so it needs neither root nor the state of the machine.
  const work = `${directory}.tmp-${process.pid}`
  const debs = join(work, 'debs')
  for (const name of ['lists/partial', 'archives/partial', 'debs']) {
    mkdirSync(join(work, name), { recursive: true })
  }
  writeFileSync(join(work, 'status'), '')
  const settings = [`Dir::State::lists=${join(work, 'lists')}`, `Dir::Cache=${work}`]
  // As root, apt would fetch as a user of its own, who cannot write here.
  if (process.getuid?.() === 0) settings.push('APT::Sandbox::User=root')
  const options = ['-qq', ...settings.flatMap((setting) => ['-o', setting])]
  try {
    call('apt-get', [...options, 'update'], work)
    call('apt-get', [...options, 'download', ...names], debs)
    const needs = libraries ? readdirSync(debs).flatMap((deb) => librariesOf(deb, debs)) : []
    if (needs.length > 0) call('apt-get', [...options, 'download', ...new Set(needs)], debs)
    for (const deb of readdirSync(debs)) call('dpkg-deb', ['-x', deb, join(work, 'root')], debs)
    publish(join(work, 'root'), directory)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The libraries a package asks for, but for the one every program has loaded. */
function librariesOf(deb: string, debs: string): string[] {
  const names = call('dpkg-deb', ['-f', deb, 'Depends'], debs).split(/[,|]/)
  return names
    .map((name) => name.trim().replace(/[ :].*/, ''))
    .filter((name) => /^(lib|lua)/.test(name) && name !== 'libc6')
}

/** Two processes that fetch at the same time get the same files. */
function publish(made: string, directory: string): void {
  try {
    renameSync(made, directory)
  } catch (error) {
    if (!existsSync(directory)) throw error
  }
}

function call(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? '').trim()
    throw new Error(said === '' ? `${command} failed` : said, { cause: error })
  }
}
