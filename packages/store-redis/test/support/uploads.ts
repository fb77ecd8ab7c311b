import type { NewUpload, UploadStore } from '@tusker/core'
import { newUpload } from '@tusker/testing'
import { expect } from 'vitest'

/** A new upload whose length is not declared. */
export function uploadOf(id: string, changes: Partial<NewUpload> = {}): NewUpload {
  return newUpload(id, { length: null, ...changes })
}

/** A caller that cannot lose its lease. */
export const ALONE = { token: null }

/** A body that comes in these pieces. */
export async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text))
}

/** Bytes that tell where they belong. */
export function numbered(start: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (start + index) % 251)
}

/** Chunks of such bytes, as many as are asked for. */
export async function* numberedFrom(
  start: number,
  count: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < start + count * length; at += length) {
    yield await Promise.resolve(numbered(at, length))
  }
}

/** Reads all that counts, and expects the bytes that belong there. Returns how many there are. */
export async function expectNumbered(store: UploadStore, id: string): Promise<number> {
  const { offset = 0 } = (await store.find(id)) ?? {}
  let at = 0
  for await (const chunk of store.read?.(id, 0, offset) ?? []) {
    expect(Buffer.compare(chunk, numbered(at, chunk.byteLength))).toBe(0)
    at += chunk.byteLength
  }
  expect(at).toBe(offset)
  return offset
}

/** What counts of an upload. */
export async function textOf(store: UploadStore, id: string): Promise<string> {
  const { offset = 0 } = (await store.find(id)) ?? {}
  let text = ''
  for await (const chunk of store.read?.(id, 0, offset) ?? []) text += Buffer.from(chunk).toString()
  return text
}
