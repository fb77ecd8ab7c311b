/** A request of the benchmark to a server's process. */
export type Request =
  | { readonly ask: 'usage' }
  | { readonly ask: 'memory' }
  | { readonly ask: 'start-profile' }
  | { readonly ask: 'stop-profile'; readonly path: string }

/** Microseconds of CPU that the process has used since it started. */
export interface Usage {
  readonly user: number
  readonly system: number
}

/** A report of a server's process. */
export type Report =
  | Usage
  | { readonly memory: number }
  | { readonly port: number }
  | { readonly done: true }
  | { readonly error: string }
