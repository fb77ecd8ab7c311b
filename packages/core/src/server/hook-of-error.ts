import type { UploadHooks } from '../ports/hooks.ts'

/** The name of a hook of an upload server. */
export type HookName = keyof UploadHooks

// The error itself stays as it was thrown: frameworks and their error reporting look at it.
const hooks = new WeakMap<object, HookName>()

/** Returns the hook that threw an error; null when the error has another origin. */
export function hookOfError(error: unknown): HookName | null {
  return isObject(error) ? (hooks.get(error) ?? null) : null
}

/** Runs a hook, and remembers its name with the error that it throws. */
export async function runHook<Result>(
  name: HookName,
  run: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (isObject(error)) hooks.set(error, name)
    throw error
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
