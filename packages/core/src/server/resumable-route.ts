import { draftClaimsCreation, resumableUpload } from '../draft/index.ts'
import type { RequestLimits } from '../draft/limits.ts'
import { fixedRoute } from '../http/routes.ts'
import type { HeaderFields, HeaderReader } from '../model/http.ts'
import type { FinalResponse, UploadInfo } from '../model/upload.ts'
import type { UploadServerOptions } from '../options.ts'
import type { StoreWith } from '../ports/store.ts'
import type { UploadServer } from './server.ts'
import { createUploadServerWith } from './server.ts'

/** The request that began an upload, with all of its content. */
export interface ReplayedRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: HeaderFields
  readonly body: AsyncIterable<Uint8Array>
}

/** How routes become resumable. Only `store` is required. */
export interface ResumableOptions
  extends Pick<
    UploadServerOptions,
    'locker' | 'onEvent' | 'maxLength' | 'idleTimeout' | 'lockTimeout' | 'publicUrl' | 'trustProxy'
  > {
  /** Where content is kept until all of it is there. */
  readonly store: StoreWith<'read'>
  /** The path below which unfinished uploads are. No route of the application may be there. */
  readonly uploadsPath?: string
  /** Milliseconds an unfinished upload is kept. A day by default. */
  readonly expireAfter?: number
  /** Milliseconds for which a client that lost the response gets it again. An hour by default. */
  readonly keepCompleted?: number
  readonly limits?: RequestLimits
}

/** How a host reads and answers its requests. */
export interface ResumableHost<Context> {
  /** The method, path and query, and fields of a request. */
  describe(context: Context): Omit<ReplayedRequest, 'body'>
  /** Lets the application answer a request. */
  answer(request: ReplayedRequest): Promise<Required<FinalResponse>>
}

/** What stands in front of the routes of an application. */
export interface ResumableRoutes<Context> extends UploadServer<Context> {
  /** True for a request that is not for the application to answer. */
  wants(method: string, path: string, headers: HeaderReader): boolean
}

const DAY = 86_400_000

/**
 * Makes the routes of an application resumable, for the clients of the IETF draft that ask for it. The
 * application answers the whole request once all of its content is there. All other requests are none of
 * its business.
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
        // Not recorded, so the client may try again.
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

/** Who sent the request is proven again by the request that completes the upload, and is not stored. */
const CREDENTIALS = new Set(['authorization', 'cookie', 'proxy-authorization'])
/** What is true of one message, and not of the representation. */
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
