/** An error response of the storage. Its message is for the operator. No client sees it. */
export class S3Error extends Error {
  override readonly name = 'S3Error'
  /** The code of the storage, such as `NoSuchKey`. */
  readonly code: string
  /** Of the HTTP response. */
  readonly status: number

  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.status = status
  }
}

/** True for an error with one of these codes. */
export function isS3Error(error: unknown, ...codes: readonly string[]): error is S3Error {
  return error instanceof S3Error && (codes.length === 0 || codes.includes(error.code))
}

/** True when the object or the multipart upload does not exist. Providers use several codes for this. */
export function isAbsent(error: unknown): boolean {
  return isS3Error(error) && error.status === 404 && error.code !== 'NoSuchBucket'
}

/** True when a conditional write found another object than it expected. */
export function isConflict(error: unknown): boolean {
  return isS3Error(error) && error.status === 412
}

/** The codes of responses without a body, by their status. */
const CODES: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  400: 'BadRequest',
  403: 'AccessDenied',
  404: 'NotFound',
  409: 'ConditionalRequestConflict',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  429: 'SlowDown',
  501: 'NotImplemented',
  503: 'SlowDown',
}

/** The code of a response that names none. */
export function codeOfStatus(status: number): string {
  return CODES[status] ?? `Status${status}`
}
