import type { ContentServer, ContentUpload } from '@tusker/content'

/** How an upload left the list of unfinished ones. */
export interface Departure {
  readonly how: 'completed' | 'rejected' | 'removed'
  /** Where its content is, as a path below the host's prefix; null unless it was completed. */
  readonly content: string | null
}

/** What is known of the uploads of all processes, kept fresh as long as somebody listens. */
export interface UploadWatch {
  /** Calls `listener` when something has changed. Returns the function that ends it. */
  listen(listener: Listener): () => void
  /** The unfinished uploads, by id, as of the last look; null until the first since somebody came. */
  unfinished(): ReadonlyMap<string, ContentUpload> | null
  departureOf(id: string): Departure
  /** Looks again soon: something began or ended here. */
  hint(): void
  /** Ends all listening. */
  close(): void
}

/** Somebody who wants to know. */
export interface Listener {
  changed(): void
  /** The watch ends; nothing will change any more. */
  ended(): void
}

/** Milliseconds between looks at what other processes may have changed. */
const INTERVAL = 1_000
/** Of the time, looking may take a tenth. */
const REST = 10
/** Milliseconds in which what happens together is looked at together. */
const PAUSE = 150

/** Watches the uploads that a content server can list. */
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
      rest = Math.max(INTERVAL, (performance.now() - began) * REST)
      lookIn(rest)
    }
  }

  /** Ended uploads are kept for a day, and never change again: they are not read twice. */
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
      // Listeners that come together share one look at the store.
      if (looking || performance.now() - lastLook < INTERVAL) {
        listener.changed()
        if (timer === null && !looking) lookIn(INTERVAL)
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

/** True when there is something new to tell of an upload. */
export function hasChanged(one: ContentUpload, other: ContentUpload): boolean {
  return (
    one.offset !== other.offset ||
    one.length !== other.length ||
    one.updatedAt.getTime() !== other.updatedAt.getTime()
  )
}
