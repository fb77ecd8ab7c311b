import { hookOfError } from '@tusker/core'

/**
 * Prints an unexpected error to `console.error` with the method and the path of its request, and with the
 * hook that threw it. The query is left out, because it may hold secrets.
 */
export function printError(error: unknown, { method, url }: Request): void {
  const hook = hookOfError(error)
  const origin = hook === null ? '' : ` in the hook ${hook}`
  // The path is no format: it may contain `%d`.
  // eslint-disable-next-line no-console -- without a listener, this is the only report
  console.error(
    '%s',
    `tusker: unexpected error${origin}, ${method} ${new URL(url).pathname}:`,
    error,
  )
}
