import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'

/**
 * Who writes bytes, in the words of a record: a store in a process of a machine. Where the system does
 * not tell what identifies a process beyond its number, which is given again, there is no such process.
 */
export function newWriterMark(): string {
  return [identityOf(process.pid) ?? '', randomUUID()].join('#')
}

/**
 * True only where it is certain that whoever bears this mark writes nothing any more: its process ran
 * on this very system and is over. A process that is stopped is not over.
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

/** One boot of a machine, and one space of process numbers in it; null where the system does not tell. */
function systemIdentity(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}

/** When a process began, in ticks since the boot; null when there is none, or the system does not tell. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program stands in brackets, and may hold any of what divides fields.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, began] = [fields[0], fields[19]]
    return began === undefined || state === 'Z' || state === 'X' ? null : began
  } catch {
    return null
  }
}
