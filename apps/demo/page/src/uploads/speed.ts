/** Measures how fast an amount grows. Times are in milliseconds. */
export interface SpeedMeter {
  /** Notes the amount at a time. */
  note(amount: number, time: number): void
  /** The growth per second over the last seconds; 0 if nothing arrived in them. */
  at(time: number): number
  /** Forgets all notes: the amount at that time says nothing about the speed afterwards. */
  reset(): void
}

/** Milliseconds that are measured: long enough to be steady, short enough to follow. */
const WINDOW = 6_000

/** Milliseconds between two notes that are kept. */
const STEP = 200

export function speedMeter(): SpeedMeter {
  let notes: { readonly amount: number; readonly time: number }[] = []
  return {
    note(amount, time) {
      const last = notes.at(-1)
      if (last !== undefined && amount < last.amount) notes = []
      const before = notes.at(-2)
      // The newest note is always kept, earlier ones only with some time between them.
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
