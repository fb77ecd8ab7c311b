import type { UploadHooks } from '../ports/hooks.ts'

/** The name of a hook of an upload server. */
export type HookName = keyof UploadHooks

interface Origin {
  readonly hook: HookName
  readonly upload: string | null
}

// The error itself stays as it was thrown: frameworks and their error reporting look at it.
const origins = new WeakMap<object, Origin>()

/** Returns the hook that threw an error; null when the error has another origin. */
export function hookOfError(error: unknown): HookName | null {
  return originOf(error)?.hook ?? null
}

/** Returns the id of the upload for which a hook threw an error; null when no hook threw it for an upload. */
export function uploadOfError(error: unknown): string | null {
  return originOf(error)?.upload ?? null
}

/** Runs a hook for an upload, and remembers both with the error that it throws. */
export async function runHook<Result>(
  hook: HookName,
  upload: string | null,
  run: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (isObject(error)) origins.set(error, { hook, upload })
    throw error
  }
}

function originOf(error: unknown): Origin | undefined {
  return isObject(error) ? origins.get(error) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
