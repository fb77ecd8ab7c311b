import type { FileRecord } from './record-format.ts'
import { parseRecord } from './record-format.ts'
import { currentTurn } from './turn.ts'

/** How many parsed records are cached. */
const LIMIT = 2_000

/** A parsed record, and the text of the file that it was read from. */
interface Cached {
  readonly text: string
  readonly record: FileRecord
  /** The turn of the event loop in which the record was last read or written. */
  turn: number
}

/** Parsed records, so that an unchanged record is not parsed again, and of a longer one only the new lines. */
export interface RecordCache {
  /** Parses the text of a record. Null when it has no first line. */
  parse(id: string, text: string): FileRecord | null
  /**
   * Adds the text that this process wrote to the end of a record. Returns the record; null if the cached text had
   * another length, so that the file has to be read.
   *
   * @param length the length of the record before, in bytes
   */
  extend(id: string, length: number, added: string): FileRecord | null
  /** The record, if this process read or wrote it in this turn of the event loop; else null. */
  recent(id: string): FileRecord | null
  /** The length of a cached record in bytes; null if it is not cached. */
  lengthOf(id: string): number | null
  drop(id: string): void
}

export function recordCache(): RecordCache {
  const cached = new Map<string, Cached>()

  function keep(id: string, text: string, record: FileRecord | null): FileRecord | null {
    cached.delete(id)
    // A partial line may become complete.
    if (record === null || !text.endsWith('\n')) return record
    cached.set(id, { text, record, turn: currentTurn() })
    if (cached.size > LIMIT) dropOldest()
    return record
  }

  function dropOldest(): void {
    for (const oldest of cached.keys()) {
      cached.delete(oldest)
      return
    }
  }

  return {
    parse(id, text) {
      const before = cached.get(id)
      if (before?.text === text) {
        before.turn = currentTurn()
        return before.record
      }
      const last = before !== undefined && text.startsWith(before.text) ? before : null
      const from = last?.text.length ?? 0
      return keep(id, text, parseRecord(text.slice(from), last?.record, from))
    },
    extend(id, length, added) {
      const before = cached.get(id)
      if (before?.text.length !== length) return null
      return keep(id, before.text + added, parseRecord(added, before.record, length))
    },
    recent(id) {
      const last = cached.get(id)
      return last?.turn === currentTurn() ? last.record : null
    },
    lengthOf: (id) => cached.get(id)?.text.length ?? null,
    drop: (id) => void cached.delete(id),
  }
}
