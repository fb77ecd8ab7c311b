import type { Caller } from '../engine/commands.ts'
import type { MetadataReader } from './metadata-reader.ts'
import { assertReadable, oncePerCaller } from './metadata-reader.ts'
import type { CallerHooks } from '../engine/ports.ts'
import { UploadError } from '../model/error.ts'
import type { UploadMetadata } from '../grammar/metadata.ts'
import { metadataText } from '../grammar/metadata.ts'
import type { NewUpload, UploadDigest, UploadInfo } from '../model/upload.ts'
import type { UploadAction, UploadHooks, WithMetadata } from '../ports/hooks.ts'
import type { StandardSchema } from '../ports/standard-schema.ts'
import { runHook } from './hook-of-error.ts'

/** Reads the metadata in the form in which hooks get it. */
type ReadValues<Values> = (field: string, caller: Caller<unknown>) => Promise<Values>

/**
 * Adds the parsed and validated metadata to the uploads that hooks get. The engine knows only the field as
 * the client sent it. The hooks of one request share the values.
 */
export function typedHooks<Context, Values>(
  hooks: UploadHooks<Context, Values>,
  schema: StandardSchema<Values> | undefined,
  metadataOf: MetadataReader,
): CallerHooks<Context> {
  const asBytes = (field: string, caller: Caller<unknown>): Promise<UploadMetadata> =>
    Promise.resolve(assertReadable(metadataOf(field, caller)))
  const read: ReadValues<Values> =
    schema === undefined
      ? // Without a schema the type parameter has its default.
        (asBytes as ReadValues<unknown> as ReadValues<Values>)
      : oncePerCaller(async (field, caller) => validated(schema, await asBytes(field, caller)))

  async function described<Upload extends { readonly metadata: string }>(
    upload: Upload,
    caller: Caller<unknown>,
  ): Promise<Upload & WithMetadata<Values>> {
    return { ...upload, parsedMetadata: await read(upload.metadata, caller) }
  }

  const { identify, authorize, beforeCreate, onComplete } = hooks
  // An operation does not wait for a hook that the application does not have.
  return {
    ...(identify !== undefined && {
      identify: (context: Context) =>
        runHook('identify', null, () => hooks.identify?.(context) ?? null),
    }),
    ...(authorize !== undefined && {
      async authorize(
        action: UploadAction,
        upload: NewUpload | UploadInfo,
        caller: Caller<Context>,
      ) {
        const known = await described(upload, caller)
        // An upload that does not exist yet cannot be looked up by its id.
        const id = action === 'create' ? null : upload.id
        return runHook('authorize', id, () => hooks.authorize?.(action, known, caller.context))
      },
    }),
    // The engine has checked the field. Only a schema or a hook needs its values.
    ...((schema !== undefined || beforeCreate !== undefined) && {
      async beforeCreate(upload: NewUpload, caller: Caller<Context>) {
        const { context } = caller
        // Only a client creates uploads.
        if (context === null) return
        const draft = await described(upload, caller)
        const changes = await runHook('beforeCreate', null, () =>
          hooks.beforeCreate?.(draft, context),
        )
        if (changes?.metadata !== undefined) await read(changes.metadata, caller)
        return changes
      },
    }),
    ...(onComplete !== undefined && {
      async onComplete(upload: UploadInfo, caller: Caller<Context>, digest: UploadDigest | null) {
        const complete = await described(upload, caller)
        return runHook('onComplete', upload.id, () =>
          hooks.onComplete?.(complete, caller.context, digest),
        )
      },
    }),
  }
}

async function validated<Values>(
  schema: StandardSchema<Values>,
  metadata: UploadMetadata,
): Promise<Values> {
  const texts = [...metadata.keys()].map((key) => [key, textOf(metadata, key)] as const)
  const result = await schema['~standard'].validate(Object.fromEntries(texts))
  if (result.issues === undefined) return result.value
  const problems = result.issues.map(({ message, path }) => `${fieldOf(path)}: ${message}`)
  throw new UploadError('malformed_request', `upload-metadata: ${problems.join('; ')}`)
}

function textOf(metadata: UploadMetadata, key: string): string {
  const text = metadataText(metadata, key)
  if (text === null) {
    throw new UploadError('malformed_request', `upload-metadata: ${key}: must be UTF-8 text`)
  }
  return text
}

function fieldOf(
  path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined,
): string {
  const keys = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step))
  return keys.join('.') || 'as a whole'
}
