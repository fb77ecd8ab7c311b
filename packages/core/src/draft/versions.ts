/**
 * The differences of one version of the draft. The number is the interop version that clients announce in
 * `Upload-Draft-Interop-Version`.
 */
export interface DraftVersion {
  readonly number: number
  /** The field that says whether the upload is complete; `upload-incomplete` says the opposite. */
  readonly completeField: 'upload-complete' | 'upload-incomplete'
  /** Whether an append without that field completes the upload. If not, it is an error. */
  readonly omittedIsComplete: boolean
  /** The media type that an append must have; null if it may have any. */
  readonly appendType: string | null
  /** The status of an append after which the upload is not complete. */
  readonly appended: 201 | 204
  /** Whether 104 responses may report progress. */
  readonly progress: boolean
  /** The member of `Upload-Limit` for the remaining lifetime; null if the version has no such field. */
  readonly lifetime: 'max-age' | 'expires' | null
  /** Whether the server must refuse HEAD and DELETE that have a field of the upload's state. */
  readonly refusesState: boolean
  /** Whether the server must also refuse HEAD that has the length of the upload. */
  readonly refusesLength: boolean
  /**
   * The status of a HEAD that the server cannot answer at the moment. The draft requires 5xx, but the
   * clients of versions 5 and 6 that are in use start the upload again after any status but 423.
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
  refusesLength: false,
  tryAgain: 423,
}
const FOUR: DraftVersion = { ...OLDEST, number: 4, completeField: 'upload-complete' }
const FIVE: DraftVersion = { ...FOUR, number: 5, progress: true }
const SIX: DraftVersion = {
  ...FIVE,
  number: 6,
  appendType: PARTIAL_UPLOAD,
  lifetime: 'expires',
  refusesLength: true,
}
const SEVEN: DraftVersion = {
  ...SIX,
  number: 7,
  omittedIsComplete: false,
  appended: 204,
  lifetime: 'max-age',
  refusesState: false,
  refusesLength: false,
  tryAgain: 503,
}

/** The newest version. It applies to clients that announce no version, or one that is not supported. */
export const NEWEST: DraftVersion = { ...SEVEN, number: 8 }

const VERSIONS: ReadonlyMap<number, DraftVersion> = new Map(
  [OLDEST, FOUR, FIVE, SIX, SEVEN, NEWEST].map((version) => [version.number, version]),
)

/** The version with this number; null if it is not supported. */
export function draftVersion(number: number): DraftVersion | null {
  return VERSIONS.get(number) ?? null
}
