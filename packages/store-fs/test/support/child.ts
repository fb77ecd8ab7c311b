import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { programPath } from './programs.ts'

/** A process that works on a store, and that a test can kill at any time. It ends with its test. */
export interface StoreChild {
  readonly child: ChildProcess
  /** The next message of the process. */
  message(): Promise<Readonly<Record<string, number>>>
  kill(): Promise<void>
}

export function startChild(...args: readonly string[]): StoreChild {
  return startProgram('appending-child', args)
}

/** Starts a process that stops itself just before a call. */
export function startStoppingChild(...args: readonly string[]): StoreChild {
  return startProgram('stopping-child', args)
}

function startProgram(program: string, args: readonly string[]): StoreChild {
  const child = fork(programPath(program), args)
  // Also after a failed test.
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    child,
    async message() {
      const [message] = (await once(child, 'message')) as [Readonly<Record<string, number>>]
      return message
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
