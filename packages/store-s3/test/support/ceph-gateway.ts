import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { cephEnvironment, ensureCeph } from './ceph-binaries.ts'
import { freePort } from '../../../testing/test/support/free-port.ts'
import { CREDENTIALS } from './credentials.ts'

const run = promisify(execFile)

/** A gateway over a cluster of one monitor and one disk in memory. */
export interface CephGateway {
  readonly endpoint: string
  /** Ends all programs and removes their files. */
  stop(): Promise<void>
}

/** Bytes of the disk in memory. */
const DISK = 4 * 2 ** 30

/** Starts a gateway with the keys `CREDENTIALS`. It goes with this process, also when that is killed. */
export async function startCeph(): Promise<CephGateway> {
  const root = ensureCeph()
  const directory = await mkdtemp(join(tmpdir(), 'tusker-ceph-'))
  const servers: ChildProcess[] = []
  const env = { ...process.env, ...cephEnvironment(root) }
  const at = (name: string): string => join(directory, name)
  const program = (name: string): string => join(root, 'usr/bin', name)
  // An argument list ends with the configuration, so that no program reads one of the machine.
  const call = (name: string, ...args: string[]) =>
    run(program(name), [...args, '-c', at('ceph.conf')], { env, cwd: directory })

  async function serve(name: string, ...args: string[]): Promise<void> {
    const log = await open(at(`${name}.out`), 'a')
    const command = [program(name), ...args, '-f', '-c', at('ceph.conf')]
    const child = spawn('sh', [join(import.meta.dirname, 'guard.sh'), ...command], {
      cwd: directory,
      env,
      stdio: ['pipe', log.fd, log.fd],
    })
    servers.push(child)
    await log.close()
  }

  async function stop(): Promise<void> {
    await Promise.all(
      servers.map(async (child) => {
        if (child.exitCode !== null) return
        const over = once(child, 'exit')
        child.stdin?.end()
        await over
      }),
    )
    await rm(directory, { recursive: true, force: true })
  }

  try {
    const [monitorPort, port] = [await freePort(), await freePort()]
    const fsid = randomUUID()
    for (const name of ['mon', 'osd', 'run', 'log']) await mkdir(at(name))
    await writeFile(at('ceph.conf'), configuration(directory, root, fsid, monitorPort))
    await makeKeys(
      (...args) => run(program('ceph-authtool'), args, { env, cwd: directory }),
      at('keyring'),
    )
    const address = `[v2:127.0.0.1:${monitorPort}]`
    await call('monmaptool', '--create', '--addv', 'a', address, '--fsid', fsid, at('monmap'))
    await call(
      'ceph-mon',
      '--mkfs',
      '-i',
      'a',
      '--monmap',
      at('monmap'),
      '--keyring',
      at('keyring'),
    )
    await serve('ceph-mon', '-i', 'a')
    const disk = randomUUID()
    await run(program('python3.11'), [program('ceph'), '-c', at('ceph.conf'), 'osd', 'new', disk], {
      env,
      cwd: directory,
    })
    await call('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', disk)
    await serve('ceph-osd', '-i', '0')
    const { accessKeyId, secretAccessKey } = CREDENTIALS
    const keys = [`--access-key=${accessKeyId}`, `--secret-key=${secretAccessKey}`]
    await call('radosgw-admin', 'user', 'create', '--uid=test', '--display-name=test', ...keys)
    await serve('radosgw', '-n', 'client.admin', `--rgw-frontends=beast endpoint=127.0.0.1:${port}`)
    await accepts(port, servers, at('radosgw.out'))
    return { endpoint: `http://127.0.0.1:${port}`, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeKeys(
  authtool: (...args: string[]) => Promise<unknown>,
  keyring: string,
): Promise<void> {
  await authtool('--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *')
  const all = ['mon', 'osd', 'mgr'].flatMap((part) => ['--cap', part, 'allow *'])
  await authtool(keyring, '--gen-key', '-n', 'client.admin', ...all)
  const disk = ['--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *']
  await authtool(keyring, '--gen-key', '-n', 'osd.0', ...disk)
}

function configuration(directory: string, root: string, fsid: string, port: number): string {
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu')
  return `[global]
fsid = ${fsid}
mon initial members = a
mon host = [v2:127.0.0.1:${port}]
keyring = ${directory}/keyring
public addr = 127.0.0.1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = ${DISK}
mon allow pool size one = true
mon max pg per osd = 2000
auth allow insecure global id reclaim = false
mon data = ${directory}/mon
osd data = ${directory}/osd
run dir = ${directory}/run
log file = ${directory}/log/$name.log
admin socket = ${directory}/run/$name.asok
plugin dir = ${libraries}/ceph
erasure code dir = ${libraries}/ceph/erasure-code
osd class dir = ${libraries}/rados-classes
compressor dir = ${libraries}/ceph/compressor
rgw override bucket index max shards = 1
`
}

async function accepts(port: number, servers: readonly ChildProcess[], log: string): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(50)) {
    if (servers.some(({ exitCode }) => exitCode !== null)) break
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch {
      // Not yet.
    } finally {
      socket.destroy()
    }
  }
  throw new Error(`the gateway does not answer:\n${await readFile(log, 'utf8')}`)
}
