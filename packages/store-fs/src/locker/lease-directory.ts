import { randomUUID } from 'node:crypto'
import {
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rmdir,
  stat,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'

/** Who holds a lease, as its file tells. */
export interface Holding {
  /** What the file says: no two holders say the same. */
  readonly mark: string
  /** When its holder last gave a sign of life, by the clock of the file system, in milliseconds. */
  readonly seenAt: number
}

/** What waiters ask of a holder. */
export type Ask = 'yield' | 'stop'

/**
 * The files behind the lease of one upload. `held` exists while somebody holds it: creating it is what
 * makes a holder, since of several that try at once exactly one succeeds. Waiters leave a file each
 * that says what they ask for.
 */
export interface LeaseDirectory {
  /** Becomes the holder, and returns its mark. Null when somebody else is. */
  claim(): Promise<string | null>
  holding(): Promise<Holding | null>
  /** Gives a sign of life. */
  touch(): Promise<void>
  /** Ends the holding with this mark. Does nothing to any other. */
  end(mark: string): Promise<void>
  /** Asks the holder; returns the function that takes the question back. */
  ask(what: Ask): Promise<() => Promise<void>>
  asked(): Promise<Ask | null>
}

export function leaseDirectory(directory: string): LeaseDirectory {
  const held = join(directory, 'held')

  async function holding(): Promise<Holding | null> {
    try {
      const [mark, { mtimeMs }] = await Promise.all([readFile(held, 'utf8'), stat(held)])
      return { mark, seenAt: mtimeMs }
    } catch (error) {
      if (isCode(error, 'ENOENT')) return null
      throw error
    }
  }

  /** Leaves no empty directory behind. One that is in use stays. */
  const tidy = (): Promise<void> => rmdir(directory).catch(() => {})

  return {
    holding,
    async claim() {
      const mark = randomUUID()
      // Written first and linked then: nobody ever reads a mark that is only half there.
      const prepared = join(directory, `${randomUUID()}.new`)
      try {
        // Whoever ends tidies up at any moment, also in the middle of this call.
        await mkdir(directory, { recursive: true })
        await writeFile(prepared, mark)
        await link(prepared, held)
        return mark
      } catch (error) {
        if (isCode(error, 'EEXIST', 'ENOENT')) return null
        throw error
      } finally {
        await unlink(prepared).catch(() => {})
      }
    },
    async touch() {
      const now = new Date()
      await utimes(held, now, now).catch(() => {})
    },
    async end(mark) {
      // Taken away first and looked at then: between a look and a removal it could change hands.
      const taken = join(directory, `${randomUUID()}.old`)
      try {
        await rename(held, taken)
        if ((await readFile(taken, 'utf8')) !== mark) await link(taken, held).catch(() => {})
        await unlink(taken)
      } catch (error) {
        if (!isCode(error, 'ENOENT')) throw error
      }
      await tidy()
    },
    async ask(what) {
      const question = join(directory, `${randomUUID()}.${what}`)
      // Without the directory there is no holder to ask.
      await writeFile(question, '').catch(() => {})
      return async () => {
        await unlink(question).catch(() => {})
        await tidy()
      }
    },
    async asked() {
      const names = await readdir(directory).catch(() => [])
      if (names.some((name) => name.endsWith('.stop'))) return 'stop'
      return names.some((name) => name.endsWith('.yield')) ? 'yield' : null
    },
  }
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
