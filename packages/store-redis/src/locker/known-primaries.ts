/**
 * How long servers are known to be primaries. One that was promoted lately may lack leases that were
 * granted before, and no clock that it has says when that was: so we say when we first met it.
 */
export interface Seniority {
  /** The replication ids of servers that have been primaries for a lease time at least. */
  known(): readonly string[]
  /** Notes a server, and returns the milliseconds until it is known. */
  met(replicationId: string): number
}

/** Failovers that are remembered: each makes a new id, and a cluster has one for each primary. */
const REMEMBERED = 1_000

export function seniority(leaseTtl: number): Seniority {
  const since = new Map<string, number>()
  const age = (at: number): number => performance.now() - at

  return {
    known: () => [...since].filter(([, at]) => age(at) >= leaseTtl).map(([id]) => id),

    met(replicationId) {
      const at = since.get(replicationId) ?? performance.now()
      if (since.size >= REMEMBERED) since.clear()
      since.set(replicationId, at)
      return Math.max(1, leaseTtl - age(at))
    },
  }
}
