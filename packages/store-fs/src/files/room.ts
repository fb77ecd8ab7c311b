import { UploadError } from '@tusker/core'
import { isFull } from './disk.ts'

/** Seconds after which a client may retry on a full disk. */
const RETRY_AFTER = '60'

/** Replaces the error of a full disk by a response that asks the client to retry later. */
export async function withRoomErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!isFull(error)) throw error
    throw new UploadError('unavailable', 'the server has no room for now, try again later', {
      cause: error,
      headers: { 'retry-after': RETRY_AFTER },
    })
  }
}
