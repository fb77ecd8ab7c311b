/**
 * How one version of the draft differs on the wire. The number is the interop version that clients
 * announce in `Upload-Draft-Interop-Version`.
 */
export interface DraftVersion {
  readonly number: number
  /** The field that says whether the upload is complete; `upload-incomplete` says the opposite. */
  readonly completeField: 'upload-complete' | 'upload-incomplete'
  /** Whether an append without that field completes the upload. It is an error where it does not. */
  readonly omittedIsComplete: boolean
  /** The media type that an append must have; null when any will do. */
  readonly appendType: string | null
  /** The status of an append after which the upload is not complete. */
  readonly appended: 201 | 204
  /** Whether 104 responses may report progress. */
  readonly progress: boolean
  /** The member of `Upload-Limit` for the remaining lifetime; null where there is no such field. */
  readonly lifetime: 'max-age' | 'expires' | null
  /** Whether HEAD and DELETE with a field of the upload's state must be refused. */
  readonly refusesState: boolean
  /**
   * The status of a HEAD that could not be answered for the moment. The text asks for 5xx; the clients
   * of versions 5 and 6 that are in use begin the upload anew on anything but 423.
   */
  readonly tryAgain: 423 | 503
}

const PARTIAL_UPLOAD = 'application/partial-upload'

const OLDEST: DraftVersion = {
  number: 3,
  completeField: 'upload-incomplete',
  omittedIsComplete: true,
  appendType: null,
  appended: 201,
  progress: false,
  lifetime: null,
  refusesState: true,
  tryAgain: 423,
}
const FOUR: DraftVersion = { ...OLDEST, number: 4, completeField: 'upload-complete' }
const FIVE: DraftVersion = { ...FOUR, number: 5, progress: true }
const SIX: DraftVersion = { ...FIVE, number: 6, appendType: PARTIAL_UPLOAD, lifetime: 'expires' }
const SEVEN: DraftVersion = {
  ...SIX,
  number: 7,
  omittedIsComplete: false,
  appended: 204,
  lifetime: 'max-age',
  refusesState: false,
  tryAgain: 503,
}

/** The newest version: the one for clients that announce none, or one that is not known here. */
export const NEWEST: DraftVersion = { ...SEVEN, number: 8 }

const VERSIONS: ReadonlyMap<number, DraftVersion> = new Map(
  [OLDEST, FOUR, FIVE, SIX, SEVEN, NEWEST].map((version) => [version.number, version]),
)

/** The version of this number; null for one that is not spoken here. */
export function draftVersion(number: number): DraftVersion | null {
  return VERSIONS.get(number) ?? null
}
