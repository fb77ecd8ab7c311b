import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isOver, newWriterMark } from '../files/process-identity.ts'
import type { Disk } from '../files/disk.ts'
import { orAbsent } from '../files/disk.ts'
import type { Ask, ProcessFile, ProcessState } from './process-file.ts'
import { createProcessFile, readProcessFile, silenceOf } from './process-file.ts'

/** How a locker instance and those of other processes see each other. */
export interface Presence {
  /** The name of this instance in records. */
  readonly holder: string
  /** Shows other processes that this process lives, until `leave` was called as many times. */
  enter(): Promise<void>
  leave(): void
  /** Asks the holder of an upload. Returns the function that withdraws the request. */
  ask(id: string, what: Ask): Promise<() => Promise<void>>
  /** True when the process that holds a lease is dead, or gave no sign of life for the lease time. */
  isGone(holder: string): Promise<boolean>
}

/** What a presence reports to its locker. */
export interface PresenceListener {
  /** Called several times a second with the requests of living processes, by upload id. */
  onLook(asks: ReadonlyMap<string, Ask>): void
  /** Called when this process gave no sign of life for the lease time: it was stopped, or suspended. */
  onGap(): void
}

/** Milliseconds between two reads of the files of other processes, for all leases together. */
const LOOK = 100

/** How many reads after the release of the last lease the process file is removed. */
const LINGER = 20

/** Another process, as this one has observed it. */
interface Observed {
  readonly text: string
  readonly state: ProcessState | null
  /** When this text was first seen, by the monotonic clock. */
  readonly since: number
}

export function presence(disk: Disk, leaseTtl: number, listener: PresenceListener): Presence {
  const { calls, layout } = disk
  const holder = newWriterMark()
  const name = nameOf(holder)
  const observed = new Map<string, Observed>()
  const asks = new Map<string, Ask>()
  const beats = Math.max(1, Math.floor(Math.min(1_000, leaseTtl / 4) / LOOK))
  let opening: Promise<ProcessFile> | null = null
  let timer: NodeJS.Timeout | null = null
  let users = 0
  let beat = 0
  let looks = 0
  let idle = 0
  let aliveAt = 0
  let last: Promise<void> = Promise.resolve()

  /** Writes one state after the other. */
  function show(file: ProcessFile): Promise<void> {
    const write = async (): Promise<void> => {
      beat += 1
      await file.write({ holder, beat, asks: Object.fromEntries(asks) })
      aliveAt = performance.now()
    }
    const shown = last.then(write)
    last = shown.catch(() => {})
    return shown
  }

  async function open(): Promise<ProcessFile> {
    // The removal of the file with the same name may still be running.
    await last
    const file = await createProcessFile(calls, layout.processes, name)
    await show(file)
    timer = setInterval(() => void tick(file).catch(() => {}), LOOK)
    // The requests that hold leases keep the process alive.
    timer.unref()
    return file
  }

  let isBusy = false
  async function tick(file: ProcessFile): Promise<void> {
    if (isBusy) return
    isBusy = true
    try {
      if (performance.now() - aliveAt > leaseTtl) listener.onGap()
      idle = users > 0 ? 0 : idle + 1
      if (idle > LINGER) return await close(file)
      looks += 1
      if (looks % beats === 0) await show(file)
      if (users > 0) listener.onLook(await asksOfOthers())
    } finally {
      isBusy = false
    }
  }

  async function close(file: ProcessFile): Promise<void> {
    opening = null
    if (timer !== null) clearInterval(timer)
    observed.clear()
    last = last.then(() => file.remove()).catch(() => {})
    await last
  }

  async function observe(other: string): Promise<Observed | null> {
    const path = join(layout.processes, other)
    const read = await readProcessFile(calls, path)
    const before = observed.get(other)
    if (read === null) {
      observed.delete(other)
      return null
    }
    if (before?.text === read.text) return before
    // Clocks of hosts differ, so this needs a wide margin. It recognises at once a process that died long ago.
    const isOld = before === undefined && (await silenceOf(path)) > 3 * leaseTtl
    const now = { ...read, since: isOld ? -Infinity : performance.now() }
    observed.set(other, now)
    return now
  }

  const isSilent = ({ since, state }: Observed): boolean => {
    const silence = performance.now() - since
    return silence > leaseTtl || (silence > 2 * LOOK * beats && isOver(state?.holder ?? ''))
  }

  async function asksOfOthers(): Promise<ReadonlyMap<string, Ask>> {
    const all = new Map<string, Ask>()
    for (const other of (await orAbsent(() => readdir(layout.processes))) ?? []) {
      const seen = other === name ? null : await observe(other)
      if (seen === null || isSilent(seen)) continue
      for (const [id, what] of Object.entries(seen.state?.asks ?? {})) {
        if (all.get(id) !== 'stop') all.set(id, what)
      }
    }
    return all
  }

  return {
    holder,
    async enter() {
      users += 1
      opening ??= open()
      try {
        const file = await opening
        // An idle process may not have shown a sign of life for a while.
        if (performance.now() - aliveAt > leaseTtl / 4) await show(file)
      } catch (error) {
        users -= 1
        opening = null
        throw error
      }
    },
    leave() {
      users -= 1
    },
    async ask(id, what) {
      asks.set(id, what)
      if (opening !== null) await show(await opening)
      return async () => {
        asks.delete(id)
        if (opening !== null) await show(await opening).catch(() => {})
      }
    },
    async isGone(other) {
      if (isOver(other)) return true
      const seen = await observe(nameOf(other))
      return seen === null || isSilent(seen)
    },
  }
}

/** The file name of a locker instance: the part of its name that no other instance has. */
function nameOf(holder: string): string {
  return holder.split('#')[1] ?? ''
}
