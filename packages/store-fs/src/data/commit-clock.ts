/** Milliseconds between two commits of an append whose bytes arrive slowly. */
const EVERY = 1_000

/** Commits that are due within this time in milliseconds are made together. */
const TOGETHER = 100

/** The most commits in one turn of the event loop. A commit takes some ten microseconds. */
const AT_ONCE = 64

/** Tells the running appends of a directory when to commit. */
export interface CommitClock {
  /** Calls `commit` about once a second, until the function that it returns is called. */
  add(commit: () => void): () => void
}

/**
 * One clock for all appends. The commits of many slow uploads are made together: a commit that has a turn of the
 * event loop of its own finds cold caches, and costs two to three times as much.
 */
export function commitClock(): CommitClock {
  // All have the same period, so the one that is due first is always the first.
  const due = new Map<() => void, number>()
  let timer: ReturnType<typeof setTimeout> | null = null

  function commitDue(): void {
    timer = null
    const now = performance.now()
    let left = AT_ONCE
    for (const [commit, at] of due) {
      if (at > now + TOGETHER || left === 0) {
        wakeAt(at)
        return
      }
      left -= 1
      due.delete(commit)
      due.set(commit, now + EVERY)
      commit()
    }
  }

  function wakeAt(at: number): void {
    timer ??= setTimeout(commitDue, Math.max(0, at - performance.now()))
  }

  return {
    add(commit) {
      const at = performance.now() + EVERY
      due.set(commit, at)
      wakeAt(at)
      return () => {
        due.delete(commit)
        if (due.size > 0 || timer === null) return
        clearTimeout(timer)
        timer = null
      }
    },
  }
}
