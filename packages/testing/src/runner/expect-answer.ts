import assert from 'node:assert/strict'
import type { Answer } from '../client/client.ts'

/** The expected fields: a text, a pattern, or null for a field that must be absent. */
export type ExpectedFields = Readonly<Record<string, string | RegExp | null>>

/** Throws, showing the whole response, unless it has this status and these fields. */
export function expectAnswer(answer: Answer, status: number, fields: ExpectedFields = {}): void {
  const problems: string[] = []
  if (answer.status !== status) problems.push(`status is ${answer.status}, not ${status}`)
  for (const [name, expected] of Object.entries(fields)) {
    const found = answer.headers[name] ?? null
    if (!agrees(found, expected)) {
      problems.push(`${name} is ${shown(found)}, not ${shown(expected)}`)
    }
  }
  if (problems.length > 0) assert.fail(`${problems.join('; ')}\n${shownAnswer(answer)}`)
}

/** Throws unless the request was refused with this status and this code. */
export function expectRefusal(answer: Answer, status: number, code: string): void {
  expectAnswer(answer, status, { 'tus-resumable': '1.0.0' })
  const { error } = JSON.parse(answer.text) as { error?: { code?: unknown } }
  assert.equal(error?.code, code, shownAnswer(answer))
}

function agrees(found: string | null, expected: string | RegExp | null): boolean {
  return expected instanceof RegExp ? found !== null && expected.test(found) : found === expected
}

function shown(value: string | RegExp | null): string {
  return value === null ? 'absent' : typeof value === 'string' ? `"${value}"` : String(value)
}

function shownAnswer({ status, headers, text }: Answer): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`the answer: ${status}`, ...fields, '', text].join('\n')
}
