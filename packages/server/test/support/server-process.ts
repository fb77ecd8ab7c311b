import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** What `node` is given to run the command from its sources. */
export const COMMAND: readonly string[] = [
  '--conditions=@tusker/source',
  `--import=${import.meta.resolve('tsx')}`,
  MAIN,
]

/** The command as its users run it: a process of its own. */
export interface Command {
  readonly child: ChildProcess
  /** What it has said so far, on both outputs. */
  said(): string
  /** Its exit code, or the signal that ended it, once it has ended. */
  readonly ended: Promise<number | NodeJS.Signals | null>
  /** Waits until it has said something, and gives what. */
  untilSaid(what: RegExp): Promise<string>
  /** Waits until it serves, and gives where uploads are created. */
  url(): Promise<string>
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
}

/** Runs the command. It ends with the test, if not before. */
export function run(args: readonly string[], options: RunOptions = {}): Command {
  const { cwd = tmpdir(), env = {}, ...rest } = options
  const child = spawn(process.execPath, [...COMMAND, ...args], {
    ...{ cwd, env: { PATH: process.env['PATH'], ...env }, ...rest },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return follow(child)
}

/** Follows a process until the test ends. */
export function follow(child: ChildProcess): Command {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  }
  const ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const untilSaid = async (what: RegExp): Promise<string> => {
    await expect.poll(() => text, { timeout: 30_000, interval: 20 }).toMatch(what)
    return what.exec(text)?.[0] ?? ''
  }
  const url = async (): Promise<string> =>
    (await untilSaid(/Takes uploads at http:\S+/)).replace(/^.* /, '')
  return { child, said: () => text, ended, untilSaid, url }
}

/** A directory that goes with the test. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-server-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}
