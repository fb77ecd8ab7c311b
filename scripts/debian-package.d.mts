/** True where packages can be fetched: on Debian, Ubuntu and their like. */
export function canFetch(): boolean

/** Unpacks packages into `directory`, with `libraries` also those that they need. Throws apt's error. */
export function fetchPackages(
  names: readonly string[],
  directory: string,
  options?: { readonly libraries?: boolean },
): void
