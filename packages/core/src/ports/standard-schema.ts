/**
 * The part of the Standard Schema interface that the server uses. zod, valibot, arktype and other
 * libraries implement it, so this package depends on none of them.
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    /** The server calls this with the client's metadata: an object whose values are text. */
    validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

/** The result of a validation. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** One reason why a value is not valid. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}
