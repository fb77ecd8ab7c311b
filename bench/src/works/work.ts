/** How a result is read. The first two are CPU time, as a ratio to the floor. */
export type Unit = 'ms/GiB' | 'us each' | 'KiB each' | '% of a core'

/** Names that `--works` takes for several works. */
export type WorkGroup = 'bytes' | 'small' | 'head' | 'concat' | 'connections' | 'download'

/** Things that not every server can do. */
export type Ability = 'sha1' | 'concatenation' | 'download' | 'range' | 'large'

/** Something for a server to do. */
export interface Work {
  readonly name: string
  readonly title: string
  readonly group: WorkGroup
  readonly unit: Unit
  /** What the measured CPU time is divided by: GiB or operations; connections for memory. */
  readonly amount: number
  readonly needs: readonly Ability[]
  /** True for a work of the table in the README. */
  readonly isInTable: boolean
  /** Bytes that the work leaves on the disk are many, and are deleted at once. */
  readonly isLarge: boolean
  /** Prepares the work against a server. None of this is measured. */
  open(port: number): Promise<OpenWork>
}

/** A work that is ready to be measured. */
export interface OpenWork {
  /** The same kind of work, so that the server's code is compiled. */
  warm(): Promise<void>
  run(): Promise<void>
  close(): void
}
