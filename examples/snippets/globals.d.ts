// The declarations that short TypeScript examples in pages use.
import type { NodeContext } from '@tusker/adapter-node'
import type { UploadInfo, UploadServer, UploadStore } from '@tusker/core'
import type { FsStore } from '@tusker/store-fs'
import type { RedisClientType } from '@redis/client'
import type { Server } from 'node:http'

declare global {
  const store: FsStore
  const anyStore: UploadStore
  const uploads: UploadServer<NodeContext>
  const server: Server
  const client: RedisClientType

  /** An application's own. */
  interface User {
    readonly name: string
    readonly roles: readonly string[]
    readonly plan: string
  }
  function userOf(request: { readonly headers: unknown }): Promise<User | null>
  function isInfected(id: string): Promise<boolean>
  function publish(upload: UploadInfo): Promise<string>
  function mayUpload(user: User, folder: string): Promise<boolean>
  function log(fields: Readonly<Record<string, unknown>>): void
}
