import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { BUNDLE } from './bundle-command.ts'

/** The arguments with which `node` runs the command. */
export const COMMAND: readonly string[] = [BUNDLE]

/** The command as its users run it: a process of its own. */
export interface Command {
  readonly child: ChildProcess
  /** The text it has printed so far, on both outputs. */
  printed(): string
  /** Resolves to its exit code, or to the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
  /** Waits until it has printed a text, and returns the text. */
  untilPrinted(pattern: RegExp): Promise<string>
  /** Waits until it listens, and returns the URL at which uploads are created. */
  url(): Promise<string>
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number
}

/** Runs the command, until the test ends at the latest. */
export function run(args: readonly string[], options: RunOptions = {}): Command {
  const { cwd = tmpdir(), env = {}, ...rest } = options
  const child = spawn(process.execPath, [...COMMAND, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    ...rest,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return follow(child)
}

/** Follows a process until the test ends. */
export function follow(child: ChildProcess): Command {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  }
  const ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const untilPrinted = async (pattern: RegExp): Promise<string> => {
    await expect.poll(() => text, { timeout: 30_000, interval: 20 }).toMatch(pattern)
    return pattern.exec(text)?.[0] ?? ''
  }
  const url = async (): Promise<string> =>
    (await untilPrinted(/Listening on http:\S+/)).replace(/^.* /, '')
  return { child, printed: () => text, ended, untilPrinted, url }
}

/** Creates a directory that is removed when the test ends. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-server-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}
