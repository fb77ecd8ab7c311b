/** True for a client that prefers an HTML page to JSON, as browsers do. */
export function prefersHtml(accept: string | null): boolean {
  const ranges = rangesOf(accept ?? '')
  const html = ranges.get('text/html') ?? 0
  const json =
    ranges.get('application/json') ?? ranges.get('application/*') ?? ranges.get('*/*') ?? 0
  return html > json
}

/** Media ranges of `Accept` with their weight (RFC 9110, section 12.5.1). */
function rangesOf(accept: string): ReadonlyMap<string, number> {
  const ranges = new Map<string, number>()
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    ranges.set(type, weight === undefined ? 1 : Number(weight.slice(2)) || 0)
  }
  return ranges
}
