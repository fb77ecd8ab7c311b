import type { TusDetailedError, TusOptions } from '@uppy/tus'
import type { HttpRequest, HttpResponse } from 'tus-js-client'
import { errorOf } from '../api/errors.ts'
import { activityOf } from './activity.ts'
import type { UploadFile, UploadMeta } from './uppy.ts'
import { uppy } from './uppy.ts'
import type { TusBody } from '@uppy/tus'

/**
 * Milliseconds between attempts. A lost network or a server that is started again is waited for as
 * long as it takes: the list ends after days. Attempts count anew when bytes got through.
 */
export const RETRY_DELAYS: number[] = [
  300,
  1_000,
  2_000,
  3_000,
  ...Array<number>(100_000).fill(5_000),
]

/** So often an answer is taken for a passing one before people are told. */
const REFUSALS = 8

/** The upload was removed on the server: by somebody else, or because its time was over. */
export class UploadEnded extends Error {
  constructor() {
    super(
      'This upload was ended on the server, by somebody or because it was left for too long. Start it again to send the file from the beginning.',
    )
    this.name = 'UploadEnded'
  }
}

/** The file is no longer what was chosen; browsers tell this from a lost network only when it is read. */
export class FileChanged extends Error {
  constructor() {
    super(
      'The file was changed, moved or removed on this device since it was chosen. Choose it again.',
    )
    this.name = 'FileChanged'
  }
}

const files = new WeakMap<HttpRequest, UploadFile>()

/** Without this, tus-js-client would create anew what somebody has ended. */
export async function beforeRequest(request: HttpRequest, file: UploadFile): Promise<void> {
  files.set(request, file)
  const activity = activityOf(file.id)
  activity.asked = true
  if (activity.trying && !(await isReadable(file))) throw new FileChanged()
  if (request.getMethod() === 'POST' && hasBegun(file)) throw new UploadEnded()
}

/** A look at the offset that was refused must not be taken for an upload that is not there. */
export function afterResponse(request: HttpRequest, response: HttpResponse): void {
  const status = response.getStatus()
  const file = files.get(request)
  if (file === undefined) return
  if (status < 300) activityOf(file.id).trying = false
  if (request.getMethod() !== 'HEAD' || status < 300 || status === 423) return
  if (status !== 404 && status !== 410) throw errorOf(status, response.getBody())
  if (hasBegun(file)) throw new UploadEnded()
}

/** Whether to try again after an error. */
export function retryDecision(
  error: TusDetailedError,
  attempt: number,
  _options: TusOptions<UploadMeta, TusBody>,
  usual: (error: TusDetailedError) => boolean,
): boolean {
  const { causingError } = error
  if (causingError instanceof UploadEnded || causingError instanceof FileChanged) return false
  const status = error.originalResponse?.getStatus() ?? statusIn(causingError)
  if (status === 507 || (status >= 400 && status < 500 && ![409, 423, 429].includes(status)))
    return false
  // Gateways and servers that are about to go say 502 to 504: these are waited for like a network.
  if (status !== 0 && (status < 502 || status > 504) && attempt >= REFUSALS) return false
  const file = error.originalRequest === null ? undefined : files.get(error.originalRequest)
  if (file !== undefined) activityOf(file.id).trying = true
  return usual(error)
}

function hasBegun(file: UploadFile): boolean {
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
