import { ApiError } from './errors.ts'
import { request } from './http.ts'

/** Ends an unfinished upload, anybody's. That it is gone already is as good. */
export async function endUpload(url: string): Promise<void> {
  try {
    await request(url, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } })
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 410)) return
    throw error
  }
}
