import { draftClaimsCreation, resumableUpload } from '../draft/index.ts'
import type { RequestLimits } from '../draft/limits.ts'
import { fixedRoute } from '../http/routes.ts'
import type { HeaderFields, HeaderReader } from '../model/http.ts'
import type { FinalResponse, UploadInfo } from '../model/upload.ts'
import type { Duration } from '../options/quantity.ts'
import type { UploadServerOptions } from '../options.ts'
import type { StoreWith } from '../ports/store.ts'
import type { UploadServer } from './server.ts'
import { createUploadServerWith } from './server.ts'

/** The request that created an upload, with its whole content. */
export interface ReplayedRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: HeaderFields
  readonly body: AsyncIterable<Uint8Array>
}

/** The options of resumable routes. Only `store` is required. */
export interface ResumableOptions
  extends Pick<
    UploadServerOptions,
    'locker' | 'onEvent' | 'maxLength' | 'idleTimeout' | 'lockTimeout' | 'publicUrl' | 'trustProxy'
  > {
  /** Keeps the content until all of it has arrived. */
  readonly store: StoreWith<'read'>
  /** The path of the uploads. The application must not have a route below it. */
  readonly uploadsPath?: string
  /** How long an incomplete upload is kept. 1 day by default. */
  readonly expireAfter?: Duration
  /** How long a client can get a lost response again. 1 hour by default. */
  readonly keepCompleted?: Duration
  readonly limits?: RequestLimits
}

/** Connects resumable routes to a host. */
export interface ResumableHost<Context> {
  /** Returns the method, the path with the query, and the header fields of a request. */
  describe(context: Context): Omit<ReplayedRequest, 'body'>
  /** Passes a request to the application and returns its response. */
  answer(request: ReplayedRequest): Promise<Required<FinalResponse>>
}

/** The handler before the routes of an application. */
export interface ResumableRoutes<Context> extends UploadServer<Context> {
  /** True for a request that this handler must answer instead of the application. */
  wants(method: string, path: string, headers: HeaderReader): boolean
}

const DAY = 86_400_000

/**
 * Makes the routes of an application resumable for clients of the IETF draft. The application gets the whole
 * request when all of its content has arrived. The handler does not change any other request.
 */
export function resumableRoutes<Context>(
  options: ResumableOptions,
  host: ResumableHost<Context>,
): ResumableRoutes<Context> {
  const { uploadsPath = '/resumable-uploads', limits, store, ...rest } = options
  const uploads = fixedRoute(uploadsPath)
  const server = createUploadServerWith<Context, unknown>({
    expireAfter: DAY,
    keepCompleted: DAY / 24,
    ...rest,
    store,
    protocols: [resumableUpload(limits)],
    path: { match: (path: string) => uploads.match(path) ?? { collection: uploadsPath, id: null } },
    hooks: {
      beforeCreate: (_upload, context) => ({ attributes: remembered(host.describe(context)) }),
      async onComplete(upload, context) {
        if (context === null)
          throw new Error('an upload of a route is completed by its client alone')
        const body = store.read(upload.id, 0, upload.offset)
        const request = { ...recalled(upload, host.describe(context).headers), body }
        const response = await host.answer(request)
        // A thrown error is not recorded as the outcome, so the client can retry.
        if (response.status >= 500) {
          throw new Error(`the application answered with ${response.status}`)
        }
        return { response }
      },
    },
  })
  return {
    ...server,
    wants: (method, path, headers) =>
      uploads.match(path) !== null || draftClaimsCreation(method, headers),
  }
}

/** Credentials are not stored. The request that completes the upload must have them again. */
const CREDENTIALS = new Set(['authorization', 'cookie', 'proxy-authorization'])
/** Fields that describe one message, and not the whole content. */
const OF_MESSAGE =
  /^(?:connection|keep-alive|transfer-encoding|content-length|te|trailer|upgrade|expect|content-digest|upload-.*)$/

function remembered({ method, target, headers }: Omit<ReplayedRequest, 'body'>): HeaderFields {
  const fields = Object.entries(headers).filter(
    ([name]) => !CREDENTIALS.has(name) && !OF_MESSAGE.test(name),
  )
  return { method, target, headers: JSON.stringify(Object.fromEntries(fields)) }
}

function recalled(
  { attributes, offset }: UploadInfo,
  current: HeaderFields,
): Omit<ReplayedRequest, 'body'> {
  const { method = 'POST', target = '/', headers = '{}' } = attributes
  const credentials = Object.entries(current).filter(([name]) => CREDENTIALS.has(name))
  return {
    method,
    target,
    headers: {
      ...(JSON.parse(headers) as HeaderFields),
      ...Object.fromEntries(credentials),
      'content-length': String(offset),
    },
  }
}
