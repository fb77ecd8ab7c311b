import type { RequestHandler, UploadServer, UploadServerOptions } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { fsUploads } from '@tusker/store-fs'
import { assertHandler } from './assert-handler.ts'

/**
 * The options of an upload server that an adapter creates: those of `createUploadServer`, or in place of
 * `store` and `locker` the directory for `fsUploads`.
 *
 * @typeParam Context - the context that the adapter passes to hooks
 * @typeParam Values - the values of the `metadata` schema
 */
export type UploadsOptions<Context, Values> =
  | (UploadServerOptions<Context, Values> & { readonly directory?: never })
  | (Omit<UploadServerOptions<Context, Values>, 'store' | 'locker'> & {
      /** The directory in which uploads are stored. Several processes may share it. */
      readonly directory: string
    })

/** What an adapter returns beside its handler when it creates the upload server itself. */
export interface WithUploads<Context> {
  /** The upload server, for `closeServer`, `sweep` and `remove`. */
  readonly uploads: UploadServer<Context>
}

/**
 * Returns the upload server or the layer that an adapter was given, or creates a server from options.
 *
 * @throws TypeError when it is given neither
 */
export function uploadServerOf<Context, Values>(
  given: RequestHandler<Context> | UploadsOptions<Context, Values>,
): RequestHandler<Context> {
  if (!isOptions(given)) {
    assertHandler(given)
    return given
  }
  if (given.directory === undefined) return createUploadServer(given)
  const { directory, ...options } = given
  return createUploadServer<Context, Values>({
    ...options,
    ...fsUploads({ directory, shared: true }),
  })
}

/** Adds `uploads` to the handler of an adapter. */
export function withUploads<Handler extends object, Context>(
  handler: Handler,
  uploads: RequestHandler<Context>,
): Handler & WithUploads<Context> {
  // An adapter that was given options has created a server; the types of its overloads say so.
  return Object.assign(handler, { uploads: uploads as UploadServer<Context> })
}

function isOptions<Context, Values>(
  given: RequestHandler<Context> | UploadsOptions<Context, Values>,
): given is UploadsOptions<Context, Values> {
  // Requests and contexts of frameworks have a `path` as well.
  return typeof given === 'object' && 'path' in given && ('store' in given || 'directory' in given)
}
