import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { programPath } from './programs.ts'

/** A process that holds a lease until it is lost. */
export interface HolderChild {
  readonly child: ChildProcess
  readonly token: number
  /** Resolves to the token when the process knows that its lease ended. */
  readonly ended: Promise<number>
}

export async function startHolder(url: string, id: string, leaseTtl: number): Promise<HolderChild> {
  const child = fork(programPath('holding-child'), [url, id, String(leaseTtl)])
  // Also of a test that failed, and when it is stopped.
  onTestFinished(() => void child.kill('SIGKILL'))
  const [{ token }] = (await once(child, 'message')) as [{ token: number }]
  const ended = once(child, 'message').then(([reported]) => (reported as { ended: number }).ended)
  return { child, token, ended }
}
