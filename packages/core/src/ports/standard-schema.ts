/**
 * The part of the Standard Schema interface that is used here. zod, valibot, arktype and others
 * implement it, so none of them is a dependency.
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    /** Called with an object of texts: the client's metadata. */
    validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

/** What a schema says of a value. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** One thing wrong with a value. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}
