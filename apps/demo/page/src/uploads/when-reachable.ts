import { ApiError } from '../api/errors.ts'

/** Milliseconds between two attempts. */
const AGAIN = 2_000

/**
 * Does something as soon as the server can be reached, however long that takes.
 *
 * @param isWanted asked before each further attempt: nobody may want it any more
 * @throws what it throws, unless that is only for a lack of the server
 */
export async function whenReachable<Result>(
  task: () => Promise<Result>,
  isWanted: () => boolean,
): Promise<Result> {
  for (;;) {
    try {
      return await task()
    } catch (error) {
      if (!isAway(error) || !isWanted()) throw error
      await new Promise((resolve) => setTimeout(resolve, AGAIN))
    }
  }
}

function isAway(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.status === 0 || (error.status >= 502 && error.status <= 504)
}
