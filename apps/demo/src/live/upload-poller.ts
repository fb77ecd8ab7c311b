import type { ContentServer, ContentUpload } from '@tusker/content'

/** Why an upload is no longer in the list of unfinished uploads. */
export interface Departure {
  readonly how: 'completed' | 'rejected' | 'removed'
  /** The URL of its content as a path below the host's prefix; null unless it was completed. */
  readonly content: string | null
}

/** The unfinished uploads of all processes. It polls the store while it has listeners. */
export interface UploadWatch {
  /** Calls `listener` after each change. Returns the function that removes the listener. */
  listen(listener: Listener): () => void
  /** The unfinished uploads by id, as the last poll found them. Null until the first poll for a new listener. */
  unfinished(): ReadonlyMap<string, ContentUpload> | null
  departureOf(id: string): Departure
  /** Polls again soon, because this process has created or ended an upload. */
  hint(): void
  /** Stops polling, and ends all listeners. */
  close(): void
}

/** A receiver of changes. */
export interface Listener {
  changed(): void
  /** The poller is closed. No more changes follow. */
  ended(): void
}

/** Milliseconds between polls, which find the changes of other processes. */
const INTERVAL = 1_000
/** Polls may take a tenth of the time. The shorter of two polls counts: one is slow when a machine is busy. */
const REST = 10
/** Milliseconds for which hints are collected before one poll. */
const PAUSE = 150

/** Polls the uploads that a content server lists. */
export function uploadWatch(
  content: Pick<ContentServer, 'uploads'>,
  report: (error: unknown) => void,
): UploadWatch {
  const listeners = new Set<Listener>()
  let departed: ReadonlyMap<string, Departure> = new Map()
  let unfinished: ReadonlyMap<string, ContentUpload> | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let due = 0
  let rest = INTERVAL
  let lastTook = 0
  let looking = false
  let lastLook = Number.NEGATIVE_INFINITY
  let isClosed = false

  function lookIn(milliseconds: number): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (listeners.size === 0 || isClosed) return
    due = performance.now() + milliseconds
    timer = setTimeout(() => void look().catch(report), milliseconds)
  }

  async function look(): Promise<void> {
    if (looking) return
    looking = true
    const began = performance.now()
    try {
      const seen = await seenNow()
      const isNews = unfinished === null || !isSame(unfinished, seen.unfinished)
      departed = seen.departed
      unfinished = seen.unfinished
      lastLook = performance.now()
      if (isNews) for (const { changed } of listeners) changed()
    } finally {
      looking = false
      const took = performance.now() - began
      rest = Math.max(INTERVAL, Math.min(took, lastTook) * REST)
      lastTook = took
      lookIn(rest)
    }
  }

  /** Ended uploads are kept for a day and never change again, so each is read once. */
  async function seenNow(): Promise<{
    unfinished: ReadonlyMap<string, ContentUpload>
    departed: ReadonlyMap<string, Departure>
  }> {
    const now = {
      unfinished: new Map<string, ContentUpload>(),
      departed: new Map<string, Departure>(),
    }
    const isOver = (id: string): boolean => {
      const departure = departed.get(id)
      if (departure !== undefined) now.departed.set(id, departure)
      return departure !== undefined
    }
    for await (const upload of content.uploads(isOver)) {
      const { id, state: how } = upload
      if (how === 'unfinished') now.unfinished.set(id, upload)
      else now.departed.set(id, { how, content: upload.content })
    }
    return now
  }

  return {
    listen(listener) {
      if (isClosed) listener.ended()
      listeners.add(listener)
      // A late listener shares the last poll, as old as it may be for the others.
      const age = performance.now() - lastLook
      if (looking || age < rest) {
        listener.changed()
        if (timer === null && !looking) lookIn(rest - age)
      } else {
        unfinished = null
        lookIn(0)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) lookIn(0)
      }
    },
    unfinished: () => unfinished,
    departureOf: (id) => departed.get(id) ?? { how: 'removed', content: null },
    hint() {
      if (timer === null || rest > INTERVAL) return
      if (due - performance.now() > PAUSE) lookIn(PAUSE)
    },
    close() {
      isClosed = true
      lookIn(0)
      for (const { ended } of listeners) ended()
    },
  }
}

function isSame(
  one: ReadonlyMap<string, ContentUpload>,
  other: ReadonlyMap<string, ContentUpload>,
): boolean {
  if (one.size !== other.size) return false
  return [...one].every(([id, upload]) => {
    const now = other.get(id)
    return now !== undefined && !hasChanged(upload, now)
  })
}

/** True when an upload has changed in a way that listeners see. */
export function hasChanged(one: ContentUpload, other: ContentUpload): boolean {
  return (
    one.offset !== other.offset ||
    one.length !== other.length ||
    one.updatedAt.getTime() !== other.updatedAt.getTime()
  )
}
