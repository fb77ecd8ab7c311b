/** Milliseconds that count as lately. */
const LATELY = 5_000
/** Milliseconds between two samples: small requests come by the thousand. */
const APART = 200

/** How fast bytes come, lately. */
export interface Speedometer {
  /** Notes that so many bytes were there at a time in milliseconds. */
  note(offset: number, now: number): void
  /** Bytes in a second; null while that cannot be told. */
  speed(): number | null
}

/** A speedometer that begins where an upload is now. */
export function speedometer(offset: number, now: number): Speedometer {
  const samples: { readonly offset: number; readonly at: number }[] = [{ offset, at: now }]
  return {
    note(reached, at) {
      const last = samples.at(-1)
      if (last !== undefined && at - last.at < APART) return
      samples.push({ offset: reached, at })
      while (samples.length > 2 && at - (samples[1]?.at ?? at) > LATELY) samples.shift()
    },
    speed() {
      const [first, last] = [samples.at(0), samples.at(-1)]
      if (first === undefined || last === undefined || last.at === first.at) return null
      return ((last.offset - first.offset) * 1_000) / (last.at - first.at)
    },
  }
}
