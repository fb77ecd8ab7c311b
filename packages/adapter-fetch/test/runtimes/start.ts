import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'tsup'

/** A runtime besides Node that is installed on demand: see scripts/runtimes.mjs. */
export type RuntimeName = 'bun' | 'deno' | 'workerd'

/** A server that runs in another runtime. */
export interface RunningRuntime {
  readonly origin: string
  /** What it wrote to standard error. */
  log(): string
  stop(): Promise<void>
}

interface Runtime {
  /** Where its packages keep the program; which package depends on the platform. */
  readonly scope: string
  readonly program: string
  /** Given the bundled server. Standard output is lines of JSON, one of them with the port. */
  readonly command: (directory: string) => readonly string[]
}

const MODULES = join(import.meta.dirname, '../../../../runtimes/node_modules')

const RUNTIMES: Readonly<Record<RuntimeName, Runtime>> = {
  bun: {
    ...{ scope: '@oven', program: 'bin/bun' },
    command: (directory) => ['run', join(directory, 'bun.js')],
  },
  deno: {
    ...{ scope: '@deno', program: 'deno' },
    command: (directory) => ['run', '--no-config', '--allow-net', join(directory, 'deno.js')],
  },
  workerd: {
    ...{ scope: '@cloudflare', program: 'bin/workerd' },
    command: (directory) => ['serve', join(directory, 'workerd.capnp'), '--control-fd=1'],
  },
}

/** Starts the test's server in a runtime. Rejects when it is not installed, or does not serve. */
export async function start(name: RuntimeName): Promise<RunningRuntime> {
  const { command } = RUNTIMES[name]
  const program = programOf(name)
  const directory = await mkdtemp(join(tmpdir(), 'tusker-runtime-'))
  await bundle(name, directory)
  const child = spawn(program, command(directory), {
    env: { PATH: process.env['PATH'], HOME: directory, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await rm(directory, { recursive: true, force: true })
  }

  for await (const line of createInterface({ input: child.stdout })) {
    const { port } = JSON.parse(line) as { port?: number }
    if (port !== undefined) return { origin: `http://127.0.0.1:${port}`, log: () => log, stop }
  }
  await stop()
  throw new Error(`${name} does not serve: ${log}`)
}

function programOf(name: RuntimeName): string {
  const { scope, program } = RUNTIMES[name]
  const packages = existsSync(join(MODULES, scope)) ? readdirSync(join(MODULES, scope)) : []
  const programs = packages.map((each) => join(MODULES, scope, each, program))
  // Of variants for different processors and systems, the first that runs.
  const found = programs.find((each) => spawnSync(each, ['--version']).status === 0)
  if (found === undefined) throw new Error(`${name} is not installed: npm run test:runtimes`)
  return found
}

/** One file of everything, as those who deploy to such runtimes make it. */
async function bundle(name: RuntimeName, directory: string): Promise<void> {
  await build({
    ...{ config: false, silent: true, clean: false, outDir: directory, format: 'esm' },
    ...{ entry: [join(import.meta.dirname, `${name}.ts`)], outExtension: () => ({ js: '.js' }) },
    ...{ platform: 'neutral', target: 'es2022', noExternal: [/.*/] },
    esbuildOptions: (options) => {
      options.conditions = ['@tusker/source']
    },
  })
  const settings = join(import.meta.dirname, 'workerd.capnp')
  await copyFile(settings, join(directory, 'workerd.capnp'))
}
