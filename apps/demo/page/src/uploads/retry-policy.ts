import type { TusDetailedError, TusOptions } from '@uppy/tus'
import type { HttpRequest, HttpResponse } from 'tus-js-client'
import { errorOf } from '../api/errors.ts'
import { activityOf } from './activity.ts'
import type { UploadFile, UploadMeta } from './uppy.ts'
import { uppy } from './uppy.ts'
import type { TusBody } from '@uppy/tus'

/**
 * Milliseconds between attempts. The list covers several days, because an upload waits for a lost
 * network or a restarted server for as long as it takes. It starts again whenever bytes get through.
 */
export const RETRY_DELAYS: number[] = [
  300,
  1_000,
  2_000,
  3_000,
  ...Array<number>(100_000).fill(5_000),
]

/** The number of attempts after which an error response is taken for a lasting one. */
const ATTEMPTS = 8

/** The server no longer has the upload: a user cancelled it, or it expired. */
export class UploadGone extends Error {
  constructor() {
    super('This upload was cancelled or has expired. Retry to start over.')
    this.name = 'UploadGone'
  }
}

/** The file on the device has changed. Browsers report this like a lost network, until they read it. */
export class FileChanged extends Error {
  constructor() {
    super('The file was changed, moved or deleted on this device. Select it again.')
    this.name = 'FileChanged'
  }
}

const files = new WeakMap<HttpRequest, UploadFile>()

/** Keeps tus-js-client from creating a new upload in place of one that was cancelled. */
export async function beforeRequest(request: HttpRequest, file: UploadFile): Promise<void> {
  files.set(request, file)
  const activity = activityOf(file.id)
  activity.started = true
  if (activity.retrying && !(await isReadable(file))) throw new FileChanged()
  if (request.getMethod() === 'POST' && wasCreated(file)) throw new UploadGone()
}

/** Keeps tus-js-client from taking an error response to HEAD for an upload that does not exist. */
export function afterResponse(request: HttpRequest, response: HttpResponse): void {
  const status = response.getStatus()
  const file = files.get(request)
  if (file === undefined) return
  if (status < 300) activityOf(file.id).retrying = false
  if (request.getMethod() !== 'HEAD' || status < 300 || status === 423) return
  if (status !== 404 && status !== 410) throw errorOf(status, response.getBody())
  if (wasCreated(file)) throw new UploadGone()
}

/** Decides whether to try again after an error. */
export function retryDecision(
  error: TusDetailedError,
  attempt: number,
  _options: TusOptions<UploadMeta, TusBody>,
  usual: (error: TusDetailedError) => boolean,
): boolean {
  const { causingError } = error
  if (causingError instanceof UploadGone || causingError instanceof FileChanged) return false
  const status = error.originalResponse?.getStatus() ?? statusIn(causingError)
  if (status === 507 || (status >= 400 && status < 500 && ![409, 423, 429].includes(status)))
    return false
  // Gateways and closing servers respond with 502 to 504: the upload waits as for a lost network.
  if (status !== 0 && (status < 502 || status > 504) && attempt >= ATTEMPTS) return false
  const file = error.originalRequest === null ? undefined : files.get(error.originalRequest)
  if (file !== undefined) Object.assign(activityOf(file.id), { retrying: true, lastByteAt: null })
  return usual(error)
}

function wasCreated(file: UploadFile): boolean {
  return typeof uppy.getState().files[file.id]?.tus?.uploadUrl === 'string'
}

async function isReadable({ data }: UploadFile): Promise<boolean> {
  if (!(data instanceof Blob)) return true
  return await data
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    )
}

function statusIn(error: unknown): number {
  return error instanceof Error && 'status' in error ? Number(error.status) : 0
}
