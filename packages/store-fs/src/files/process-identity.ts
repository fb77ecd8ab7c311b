import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'

/**
 * A new name for a store or locker instance, as records hold it. It contains the identity of this process:
 * the boot, the process number and the time at which the process began. That identity is empty if the
 * system does not report these, because the system reuses process numbers.
 */
export function newWriterMark(): string {
  return [identityOf(process.pid) ?? '', randomUUID()].join('#')
}

/**
 * True only if it is certain that the instance with this mark writes no more: its process ran on this boot
 * of this machine, and has ended. A stopped process has not ended.
 */
export function isOver(mark: string): boolean {
  const [identity = ''] = mark.split('#')
  const { system, pid } = partsOf(identity)
  if (system === '' || system !== systemIdentity()) return false
  return identityOf(pid) !== identity
}

function identityOf(pid: number): string | null {
  const [system, began] = [systemIdentity(), beginningOf(pid)]
  return system === null || began === null ? null : `${system}/${pid}/${began}`
}

function partsOf(identity: string): { readonly system: string; readonly pid: number } {
  const [boot = '', space = '', pid = ''] = identity.split('/')
  return { system: boot === '' ? '' : `${boot}/${space}`, pid: Number(pid) }
}

/** The boot of this machine and the namespace of process numbers; null if the system does not report it. */
function systemIdentity(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}

/** When a process began, in ticks since the boot; null if it does not run or the system does not report it. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program is in brackets, and may contain spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, began] = [fields[0], fields[19]]
    return began === undefined || state === 'Z' || state === 'X' ? null : began
  } catch {
    return null
  }
}
