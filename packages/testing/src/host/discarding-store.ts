import type { UploadInfo, UploadStore } from '@tusker/core'

/** A store that counts bytes and drops them, so that it does not grow itself. */
export function discardingStore(): UploadStore {
  const uploads = new Map<string, UploadInfo>()

  function change(id: string, changes: Partial<UploadInfo>): void {
    const upload = uploads.get(id)
    if (upload === undefined) throw new Error(`there is no upload ${id}`)
    uploads.set(id, { ...upload, ...changes })
  }

  return {
    create(upload) {
      uploads.set(upload.id, { ...upload, offset: 0, updatedAt: upload.createdAt, outcome: null })
      return Promise.resolve(true)
    },
    find: (id) => Promise.resolve(uploads.get(id) ?? null),
    async append(id, start, bytes) {
      let offset = start
      for await (const chunk of bytes) {
        offset += chunk.byteLength
        change(id, { offset })
      }
      return offset
    },
    finish(id, outcome) {
      change(id, { outcome })
      return Promise.resolve()
    },
  }
}
