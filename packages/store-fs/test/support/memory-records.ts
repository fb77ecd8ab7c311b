import type { UploadRecord, UploadRecords } from '@tusker/core'
import { assertHolds, recordOf } from '../../src/records/record-of.ts'

/** Records outside of the directory. They remain when the store is reopened. */
export function memoryRecords(): UploadRecords {
  const records = new Map<string, UploadRecord>()
  const find = (id: string): Promise<UploadRecord | null> =>
    Promise.resolve(records.get(id) ?? null)

  return {
    find,
    create({ ...attributes }) {
      if (records.has(attributes.id)) return Promise.resolve(false)
      const state = { offset: 0, updatedAt: attributes.createdAt, outcome: null }
      records.set(attributes.id, {
        upload: { ...attributes, ...state },
        token: 0,
        writer: null,
        data: null,
      })
      return Promise.resolve(true)
    },
    async change(id, token, { writer, data, reverts = false, ...change }) {
      // Nothing may come between this look and the change, so a record that exists is not waited for.
      const record = records.get(id) ?? (await recordOf({ find }, id))
      assertHolds(token, record.token)
      const least = reverts ? 0 : record.upload.offset
      const offset = Math.max(least, change.offset ?? record.upload.offset)
      records.set(id, {
        upload: { ...record.upload, ...change, offset },
        token: token ?? record.token,
        writer: writer === undefined ? record.writer : writer,
        data: data === undefined ? record.data : data,
      })
    },
    async remove(id, token) {
      const record = await find(id)
      if (record !== null) assertHolds(token, record.token)
      records.delete(id)
    },
    async *list() {
      yield* await Promise.resolve([...records.keys()])
    },
  }
}
