import { build } from 'esbuild'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildNextApp } from './next-app.ts'

/** A host of fetch handlers that `npm run test:runtimes` installs. */
export type RuntimeName = 'bun' | 'deno' | 'workerd' | 'next'

/** A server that runs in one of these runtimes. */
export interface RunningRuntime {
  readonly origin: string
  /** The text that the server wrote to standard error. */
  log(): string
  stop(): Promise<void>
}

interface Runtime {
  readonly program: () => string
  readonly bundle: string
  /** Creates the files that the program runs from the bundle. */
  readonly prepare?: (directory: string, program: string) => Promise<void>
  /** The arguments of the program. */
  readonly command: (directory: string) => readonly string[]
  /** The port, if this line of standard output contains it. */
  readonly portIn: (line: string) => number | undefined
}

const HOME = join(import.meta.dirname, '../../../../runtimes')
const MODULES = join(HOME, 'node_modules')

const portInJson = (line: string): number | undefined =>
  (JSON.parse(line) as { port?: number }).port

const RUNTIMES: Readonly<Record<RuntimeName, Runtime>> = {
  bun: {
    program: () => binary('@oven', 'bin/bun'),
    bundle: 'bun',
    portIn: portInJson,
    command: (directory) => ['run', join(directory, 'bun.js')],
  },
  deno: {
    program: () => binary('@deno', 'deno'),
    bundle: 'deno',
    portIn: portInJson,
    command: (directory) => ['run', '--no-config', '--allow-net', join(directory, 'deno.js')],
  },
  workerd: {
    program: () => binary('@cloudflare', 'bin/workerd'),
    bundle: 'workerd',
    prepare: (directory) =>
      copyFile(join(import.meta.dirname, 'workerd.capnp'), join(directory, 'workerd.capnp')),
    command: (directory) => ['serve', join(directory, 'workerd.capnp'), '--control-fd=1'],
    portIn: portInJson,
  },
  next: {
    program: () => join(MODULES, 'next/dist/bin/next'),
    bundle: 'next-route',
    prepare: buildNextApp,
    command: (directory) => ['start', directory, '--port', '0', '--hostname', '127.0.0.1'],
    portIn: (line) => Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? NaN) || undefined,
  },
}

/** Starts the server of the tests in a runtime. Rejects if the runtime is not installed or does not serve. */
export async function start(name: RuntimeName): Promise<RunningRuntime> {
  const runtime = RUNTIMES[name]
  const program = runtime.program()
  // Below the folder in which the runtimes are installed, because Next.js resolves itself from there.
  const directory = await mkdtemp(join(HOME, 'app-'))
  const discard = (): Promise<void> => rm(directory, { recursive: true, force: true })
  try {
    await bundle(runtime.bundle, directory)
    await runtime.prepare?.(directory, program)
    return await running(name, directory, discard)
  } catch (error) {
    await discard()
    throw error
  }
}

async function running(
  name: RuntimeName,
  directory: string,
  discard: () => Promise<void>,
): Promise<RunningRuntime> {
  const { program, command, portIn } = RUNTIMES[name]
  const child = spawn(program(), command(directory), {
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      NO_COLOR: '1',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))

  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await discard()
  }

  for await (const line of createInterface({ input: child.stdout })) {
    const port = portIn(line)
    if (port !== undefined) {
      child.stdout.resume()
      return { origin: `http://127.0.0.1:${port}`, log: () => log, stop }
    }
  }
  await stop()
  throw new Error(`${name} does not serve: ${log}`)
}

/** The program. Its package depends on the platform, so this returns the first program that runs. */
function binary(scope: string, program: string): string {
  const packages = existsSync(join(MODULES, scope)) ? readdirSync(join(MODULES, scope)) : []
  const programs = packages.map((each) => join(MODULES, scope, each, program))
  const found = programs.find((each) => spawnSync(each, ['--version']).status === 0)
  if (found === undefined) throw new Error(`${program} is not installed: npm run test:runtimes`)
  return found
}

/** Bundles the program and its imports into one file, as a deployment to these runtimes does. */
async function bundle(name: string, directory: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outdir: directory,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    conditions: ['@tusker/source'],
  })
}
