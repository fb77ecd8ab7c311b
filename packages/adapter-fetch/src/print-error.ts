import { hookOfError, uploadOfError } from '@tusker/core'

/**
 * Prints an unexpected error to `console.error` with the method and the path of its request, and with the
 * hook that threw it and its upload. The query is left out, because it may hold secrets.
 */
export function printError(error: unknown, { method, url }: Request): void {
  const hook = hookOfError(error)
  const upload = uploadOfError(error)
  const about = upload === null ? '' : ` for the upload ${upload}`
  const origin = hook === null ? '' : ` in the hook ${hook}${about}`
  // The path is no format: it may contain `%d`.
  // oxlint-disable-next-line no-console -- without a listener, this is the only report
  console.error(
    '%s',
    `tusker: unexpected error${origin}, ${method} ${new URL(url).pathname}:`,
    error,
  )
}
