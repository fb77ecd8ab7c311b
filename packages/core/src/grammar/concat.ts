/** `Upload-Concat`, with the URLs of the parts as the client wrote them. */
export type ConcatField =
  | { readonly kind: 'partial' }
  | { readonly kind: 'final'; readonly urls: readonly string[] }

/** Reads `Upload-Concat` (tus 1.0, concatenation): `partial`, or `final;` and URLs separated by spaces. */
export function parseConcat(field: string): ConcatField | null {
  const text = field.trim()
  if (text === 'partial') return { kind: 'partial' }
  if (!text.startsWith('final;')) return null
  const urls = text
    .slice('final;'.length)
    .split(' ')
    .filter((url) => url !== '')
  return urls.length === 0 ? null : { kind: 'final', urls }
}
