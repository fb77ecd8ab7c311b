/** Throws a TypeError if `options` is not an object, lacks a directory, or contains an unknown option. */
export function checkOptions(
  name: string,
  options: { readonly directory: string },
  known: readonly string[],
): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${name}: pass an object, such as { directory: './uploads' }`)
  }
  if (typeof options.directory !== 'string' || options.directory === '') {
    throw new TypeError(`${name}: directory: the path of a directory is needed`)
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    throw new TypeError(`${name}: ${key}: there is no such option, only ${known.join(', ')}`)
  }
}
