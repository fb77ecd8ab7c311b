/** Milliseconds over which the speed is measured. */
const WINDOW = 5_000
/** Milliseconds between two samples: an upload can make thousands of small requests a second. */
const SAMPLE_EVERY = 200

/** Measures the speed of one upload. */
export interface Speedometer {
  /** Adds a sample: the offset in bytes at a time in milliseconds. */
  sample(offset: number, now: number): void
  /** Bytes a second over the last seconds; null until it can be measured. */
  speed(): number | null
}

/** Creates a speedometer for an upload that is at `offset` now. */
export function speedometer(offset: number, now: number): Speedometer {
  const samples: { readonly offset: number; readonly at: number }[] = [{ offset, at: now }]
  return {
    sample(reached, at) {
      const last = samples.at(-1)
      if (last !== undefined && at - last.at < SAMPLE_EVERY) return
      samples.push({ offset: reached, at })
      while (samples.length > 2 && at - (samples[1]?.at ?? at) > WINDOW) samples.shift()
    },
    speed() {
      const [first, last] = [samples.at(0), samples.at(-1)]
      if (first === undefined || last === undefined || last.at === first.at) return null
      return ((last.offset - first.offset) * 1_000) / (last.at - first.at)
    },
  }
}
