/** How fast something grows. */
export interface Pace {
  /** Notes that so much is there. */
  note(amount: number, time: number): void
  /** Per second, over the last seconds; 0 when nothing has come for as long. */
  at(time: number): number
  /** Begins anew: what is there already says nothing about what is to come. */
  reset(): void
}

/** Milliseconds that count: long enough to be steady, short enough to follow. */
const WINDOW = 6_000

/** Milliseconds between two notes that are kept. */
const STEP = 200

/** Measures the pace of something. Times are in milliseconds. */
export function pace(): Pace {
  let notes: { readonly amount: number; readonly time: number }[] = []
  return {
    note(amount, time) {
      const last = notes.at(-1)
      if (last !== undefined && amount < last.amount) notes = []
      const before = notes.at(-2)
      // The newest note is always kept, those close together before it are not.
      if (before !== undefined && last !== undefined && last.time - before.time < STEP) notes.pop()
      notes.push({ amount, time })
      notes = notes.filter((note) => time - note.time <= WINDOW)
    },
    at(time) {
      const recent = notes.filter((note) => time - note.time <= WINDOW)
      const [first] = recent
      const last = recent.at(-1)
      if (first === undefined || last === undefined || last.time <= first.time) return 0
      return ((last.amount - first.amount) / (time - first.time)) * 1_000
    },
    reset() {
      notes = []
    },
  }
}
