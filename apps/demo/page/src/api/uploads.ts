import { ApiError } from './errors.ts'
import { request } from './http.ts'

const DELETE: RequestInit = { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }

/** Deletes an unfinished upload of any user. It is no error if it no longer exists. */
export async function deleteUpload(url: string): Promise<void> {
  try {
    await request(url, DELETE)
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 410)) return
    throw error
  }
}

/** Deletes an unfinished upload while the page is being closed. */
export function deleteUploadOnExit(url: string): void {
  void request(url, { ...DELETE, keepalive: true }).catch(() => {})
}

/** The largest number of bytes that the server accepts; null if it has no limit. */
export async function readMaxSize(): Promise<number | null> {
  const response = await request('content/@tus-upload', { method: 'OPTIONS' })
  const size = response.headers.get('Tus-Max-Size')
  return size === null ? null : Number(size)
}
