export const KIB: number = 2 ** 10
export const MIB: number = 2 ** 20
export const GIB: number = 2 ** 30

/** How much the works do. */
export interface Sizes {
  /** Bytes of the large upload. */
  readonly large: number
  /** Bytes of an upload that comes in pieces. */
  readonly pieces: number
  /** Small uploads. */
  readonly small: number
  /** Requests for an offset. */
  readonly looks: number
  /** Uploads that these ask for. */
  readonly uploads: number
  /** Bytes of a partial upload. */
  readonly part: number
  /** Connections of steady slow clients, and seconds that they send for. */
  readonly slow: number
  readonly seconds: number
  /** Connections whose memory is measured. */
  readonly held: number
  /** Connections that send nothing. */
  readonly silent: number
}

export const FULL: Sizes = {
  large: GIB,
  pieces: 255 * MIB,
  small: 4_000,
  looks: 8_000,
  uploads: 1_000,
  part: 64 * MIB,
  slow: 500,
  seconds: 10,
  held: 2_000,
  silent: 1_000,
}

export const QUICK: Sizes = {
  large: 128 * MIB,
  pieces: 60 * MIB,
  small: 1_000,
  looks: 2_000,
  uploads: 200,
  part: 8 * MIB,
  slow: 100,
  seconds: 3,
  held: 300,
  silent: 200,
}
