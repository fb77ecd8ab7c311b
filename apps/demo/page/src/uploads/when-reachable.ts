import { ApiError } from '../api/errors.ts'

/** Milliseconds between two attempts. */
const INTERVAL = 2_000

/**
 * Runs a task, again and again for as long as the server cannot be reached.
 *
 * @param isWanted called before each further attempt; false if the result is no longer needed
 * @throws the error of the task, unless it means that the server cannot be reached
 */
export async function whenReachable<Result>(
  task: () => Promise<Result>,
  isWanted: () => boolean,
): Promise<Result> {
  for (;;) {
    try {
      return await task()
    } catch (error) {
      if (!isUnreachable(error) || !isWanted()) throw error
      await new Promise((resolve) => setTimeout(resolve, INTERVAL))
    }
  }
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.status === 0 || (error.status >= 502 && error.status <= 504)
}
