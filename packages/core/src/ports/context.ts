declare const CONTEXT: unique symbol

/** The type of the context that hooks get, as a value. It has no contents: only its type matters. */
export interface ContextType<Context> {
  readonly [CONTEXT]: (context: Context) => Context
}

/**
 * Says which context the adapter passes to hooks: `context: contextOf<NodeContext>()`. With it,
 * `createUploadServer` infers the context and the values of a `metadata` schema together. With a type argument,
 * TypeScript would infer neither.
 */
export function contextOf<Context>(): ContextType<Context> {
  return {} as ContextType<Context>
}
