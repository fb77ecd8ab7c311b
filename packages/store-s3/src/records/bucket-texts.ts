import type { VersionedTexts } from '@tusker/core'
import { isAbsent, isConflict } from '../client/errors.ts'
import type { Bucket, PutOptions } from '../client/port.ts'
import { payloadOf } from '../client/port.ts'
import { damaged } from './record.ts'

/**
 * Texts in objects that are changed by conditional writes.
 *
 * @param isConditional false where the bucket ignores conditions: then this process is the only one
 */
export function bucketTexts(
  bucket: Bucket,
  prefix: string,
  isConditional: () => Promise<boolean>,
): VersionedTexts {
  const keyOf = (id: string): string => `${prefix}${id}`

  return {
    async read(id) {
      const found = await bucket.load(keyOf(id))
      if (found === null) return null
      const { info, bytes } = found
      const age = Math.max(0, info.now - info.lastModified)
      return { text: decoded(bytes), version: info.etag, age }
    },

    async write(id, text, version) {
      const key = keyOf(id)
      const guards = await isConditional()
      if (!guards && version === null && (await bucket.head(key)) !== null) return null
      const options: PutOptions = {
        headers: { 'content-type': 'application/json' },
        ...(guards ? { condition: { etag: version } } : {}),
      }
      try {
        return await bucket.put(key, payloadOf(new TextEncoder().encode(text)), options)
      } catch (error) {
        if (isConflict(error) || isAbsent(error)) return null
        throw error
      }
    },

    remove: (id) => bucket.remove(keyOf(id)),

    async *list() {
      for await (const { key } of bucket.list(prefix)) yield key.slice(prefix.length)
    },
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw damaged({ cause })
  }
}
