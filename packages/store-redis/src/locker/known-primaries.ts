/**
 * Remembers since when servers are known as primaries. A server that was promoted recently can lack
 * leases. Redis does not report the time of a promotion, so we note when we first met the server.
 */
export interface Seniority {
  /** The replication ids of servers that have been primaries for a lease time at least. */
  known(): readonly string[]
  /** Notes a server, and returns the milliseconds until its leases are trusted. */
  met(replicationId: string): number
}

/** The number of remembered failovers: each makes a new id, and each primary of a cluster has one. */
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
