// Programs of Debian or Ubuntu packages for tests, without root and without installing them.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** True where packages can be fetched: on Debian, Ubuntu and their like. */
export function canFetch() {
  return ['apt-get', 'dpkg-deb'].every((tool) => spawnSync(tool, ['--version']).status === 0)
}

/**
 * Unpacks packages into `directory`, which then holds `usr` and the like. Dependencies have to be named.
 * Does nothing where the directory is there already.
 *
 * @throws Error when apt cannot get them
 */
export function fetchPackages(names, directory) {
  if (existsSync(directory)) return
  // Lists and caches of its own: neither root nor the machine's own state is needed.
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
    for (const deb of readdirSync(debs)) call('dpkg-deb', ['-x', deb, join(work, 'root')], debs)
    publish(join(work, 'root'), directory)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Two that fetch at a time bring the same. */
function publish(made, directory) {
  try {
    renameSync(made, directory)
  } catch (error) {
    if (!existsSync(directory)) throw error
  }
}

function call(command, args, cwd) {
  try {
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    const said = String(error.stderr ?? '').trim()
    throw new Error(said === '' ? `${command} failed` : said, { cause: error })
  }
}
