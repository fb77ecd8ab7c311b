export { fetchHandler } from './fetch-handler.ts'
export type { FetchHandler, FetchOptions } from './fetch-handler.ts'
