import type { Unit } from './works/work.ts'

/** One measurement of one server at one work. */
export interface Sample {
  /** Microseconds of CPU of the server's process, and of the clock. */
  readonly user: number
  readonly system: number
  readonly wall: number
  /** The same in the unit of the work. */
  readonly value: number
  /** The value of the floor in the same round; null where it was not measured. */
  readonly floor: number | null
}

/** The samples of one work: for each server one of each round. */
export interface WorkResult {
  readonly name: string
  readonly title: string
  readonly unit: Unit
  readonly samples: Readonly<Record<string, readonly Sample[]>>
}

/** What a run measured. */
export interface Result {
  readonly node: string
  readonly platform: string
  readonly date: string
  readonly quick: boolean
  readonly works: readonly WorkResult[]
}

/** The summary of one server's samples at one work. */
export interface Figure {
  /** The median in the unit of the work. */
  readonly value: number
  /** The median of the ratios to the floor of the same round; null where there is no floor. */
  readonly ratio: number | null
}

/** The figure of a server; null when it was not measured. */
export function figureOf(work: WorkResult, server: string): Figure | null {
  const samples = work.samples[server]
  if (samples === undefined || samples.length === 0) return null
  const ratios = samples.flatMap(({ value, floor }) =>
    floor === null || floor <= 0 ? [] : [value / floor],
  )
  return {
    value: median(samples.map(({ value }) => value)),
    ratio: ratios.length === 0 ? null : median(ratios),
  }
}

/**
 * What a server in a framework costs, beside the sum of what the same server costs on node:http and what the
 * framework adds to its floor: 1.10 is a tenth more than the bare framework explains. It is the median of the
 * rounds; null where one of the four servers was not measured.
 */
export function hostedRatio(
  { samples }: WorkResult,
  servers: { readonly hosted: string; readonly alone: string; readonly floor: string },
): number | null {
  const alone = samples[servers.alone] ?? []
  const floor = samples[servers.floor] ?? []
  const ratios = (samples[servers.hosted] ?? []).flatMap((sample, round) => {
    const [self, least] = [alone[round], floor[round]]
    if (sample.floor === null || self === undefined || least === undefined) return []
    const expected = self.value + sample.floor - least.value
    return expected > 0 ? [sample.value / expected] : []
  })
  return ratios.length === 0 ? null : median(ratios)
}

/** The middle value; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper
  return (lower + upper) / 2
}

/** `earlier` with the works and servers of `later` in place of its own. */
export function merged(earlier: Result | null, later: Result): Result {
  if (earlier === null) return later
  const works = earlier.works.map((work) => {
    const again = later.works.find(({ name }) => name === work.name)
    if (again === undefined) return work
    return { ...again, samples: { ...work.samples, ...again.samples } }
  })
  const added = later.works.filter(({ name }) => earlier.works.every((work) => work.name !== name))
  return { ...later, works: [...works, ...added] }
}
