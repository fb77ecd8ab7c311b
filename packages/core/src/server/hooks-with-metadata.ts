import { UploadError } from '../model/error.ts'
import type { UploadMetadata } from '../grammar/metadata.ts'
import { metadataText, parseMetadata } from '../grammar/metadata.ts'
import type { NewUpload, UploadDigest, UploadInfo } from '../model/upload.ts'
import type { EngineHooks, UploadAction, UploadHooks, WithMetadata } from '../ports/hooks.ts'
import type { StandardSchema } from '../ports/standard-schema.ts'
import { runHook } from './hook-of-error.ts'

type ReadMetadata<Values> = (field: string) => Promise<Values>

/**
 * Adds the parsed and validated metadata to the uploads that hooks get. The engine knows only the field as
 * the client sent it.
 */
export function typedHooks<Context, Values>(
  hooks: UploadHooks<Context, Values>,
  schema: StandardSchema<Values> | undefined,
): EngineHooks<Context, unknown> {
  // Without a schema the type parameter has its default.
  const read = schema === undefined ? (asBytes as ReadMetadata<Values>) : validated(schema)

  async function described<Upload extends { readonly metadata: string }>(
    upload: Upload,
  ): Promise<Upload & WithMetadata<Values>> {
    return { ...upload, parsedMetadata: await read(upload.metadata) }
  }

  const { identify, authorize, beforeCreate, onComplete } = hooks
  // An operation does not wait for a hook that the application does not have.
  return {
    ...(identify !== undefined && {
      identify: (context: Context) => runHook('identify', () => hooks.identify?.(context) ?? null),
    }),
    ...(authorize !== undefined && {
      async authorize(
        action: UploadAction,
        upload: NewUpload | UploadInfo,
        context: Context | null,
      ) {
        const known = await described(upload)
        return runHook('authorize', () => hooks.authorize?.(action, known, context))
      },
    }),
    // The protocol has checked the field. Only a schema or a hook needs its values.
    ...((schema !== undefined || beforeCreate !== undefined) && {
      async beforeCreate(upload: NewUpload, context: Context) {
        const draft = await described(upload)
        const changes = await runHook('beforeCreate', () => hooks.beforeCreate?.(draft, context))
        if (changes?.metadata !== undefined) await read(changes.metadata)
        return changes
      },
    }),
    ...(onComplete !== undefined && {
      async onComplete(upload: UploadInfo, context: Context | null, digest: UploadDigest | null) {
        const complete = await described(upload)
        return runHook('onComplete', () => hooks.onComplete?.(complete, context, digest))
      },
    }),
  }
}

function asBytes(field: string): Promise<UploadMetadata> {
  return Promise.resolve(readable(field))
}

function validated<Values>(schema: StandardSchema<Values>): ReadMetadata<Values> {
  return async (field) => {
    const metadata = readable(field)
    const texts = [...metadata.keys()].map((key) => [key, textOf(metadata, key)] as const)
    const result = await schema['~standard'].validate(Object.fromEntries(texts))
    if (result.issues === undefined) return result.value
    const problems = result.issues.map(({ message, path }) => `${fieldOf(path)}: ${message}`)
    throw new UploadError('malformed_request', `upload-metadata: ${problems.join('; ')}`)
  }
}

function readable(field: string): UploadMetadata {
  const metadata = parseMetadata(field)
  if (metadata === null)
    throw new UploadError('malformed_request', 'upload-metadata cannot be read')
  return metadata
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
