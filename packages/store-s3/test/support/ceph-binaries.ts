// Finds Ceph's S3 gateway for the tests, or fetches Debian's without installing it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { canFetch, fetchPackages } from '../../../store-redis/test/support/debian-package.ts'

/** The programs of Debian 12, and what their manifests name other than as a library. */
const PACKAGES = [
  'radosgw',
  'ceph-mon',
  'ceph-osd',
  'ceph-common',
  'ceph-base',
  'librados2',
  'librgw2',
  'libradosstriper1',
  'python3-rados',
  'python3-ceph-argparse',
  'python3-prettytable',
  'python3-wcwidth',
  'python3.11-minimal',
  'libpython3.11-minimal',
  'libpython3.11-stdlib',
  'libnl-3-200',
  'libnl-route-3-200',
  'libndctl6',
  'libdaxctl1',
  'libfuse2',
]

/** 310 MB, so every clone of one user shares them. */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tusker', 'ceph')

/** The directory of Ceph's programs and their libraries, or null where they do not run. */
function findCeph(): string | null {
  return existsSync(cache) && answers(cache) ? cache : null
}

/** Like `findCeph`, and fetches them first where that is possible. Throws a sentence that says what to do. */
export function ensureCeph(): string {
  const found = findCeph()
  if (found !== null) return found
  const trouble = fetchCeph()
  const ready = trouble === null ? findCeph() : null
  if (ready !== null) return ready
  throw new Error(
    'The S3 tests need the S3 gateway of Ceph as Debian 12 packages it ' +
      `(${trouble ?? 'the fetched one does not start'}): run them on Debian 12 for x86-64.`,
  )
}

/** The variables with which the programs in `root` find their libraries. */
export function cephEnvironment(root: string): Record<string, string> {
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu')
  const others = join(root, 'lib/x86_64-linux-gnu')
  return {
    LD_LIBRARY_PATH: [libraries, join(libraries, 'ceph'), others].join(':'),
    PYTHONHOME: join(root, 'usr'),
    PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
  }
}

function answers(root: string): boolean {
  const env = { ...process.env, ...cephEnvironment(root) }
  return spawnSync(join(root, 'usr/bin/radosgw'), ['--version'], { env }).status === 0
}

/** Fetches the packages into the cache. Returns what went wrong, or null. */
function fetchCeph(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this is not Linux on x86-64'
  if (!canFetch()) return 'there is no apt-get'
  console.log('Fetching the S3 gateway of Ceph for the tests…')
  mkdirSync(join(cache, '..'), { recursive: true })
  try {
    fetchPackages(PACKAGES, cache, { libraries: true })
    return null
  } catch (error) {
    return (error as Error).message.split('\n').at(-1) ?? ''
  }
}
