export { fetchHandler } from './fetch-handler.ts'
export type { FetchHandler, FetchOptions } from './fetch-handler.ts'
export { resumableFetch } from './resumable.ts'
export type { ResumableFetch } from './resumable.ts'
