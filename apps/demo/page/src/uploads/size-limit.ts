import { readMaxSize } from '../api/uploads.ts'
import { bytes } from '../ui/format.ts'

let limit: Promise<number | null> | null = null

/** The largest number of bytes that the server accepts; null if it has no limit. Asked once. */
export function sizeLimit(): Promise<number | null> {
  limit ??= readMaxSize().catch((error: unknown) => {
    limit = null
    throw error
  })
  return limit
}

/** The file is larger than the server allows. */
export class FileTooLarge extends Error {
  /** `length` and `limit` are numbers of bytes. */
  constructor(name: string, length: number, limit: number) {
    super(`${name} is ${bytes(length)}. The limit is ${bytes(limit)}.`)
    this.name = 'FileTooLarge'
  }
}
