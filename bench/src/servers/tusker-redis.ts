// Records and leases in Redis, bytes in a directory: several hosts over one network directory.
import { createClient } from '@redis/client'
import type { NodeContext } from '@tusker/adapter-node'
import { nodeHandler } from '@tusker/adapter-node'
import { fsStore } from '@tusker/store-fs'
import { redisLocker, redisRecords } from '@tusker/store-redis'
import { createServer } from 'node:http'
import { control, settings } from './support/control.ts'
import { uploadsOver } from './support/uploads.ts'

const client = createClient({ url: settings.redis })
await client.connect()
const store = fsStore({ directory: settings.directory, records: redisRecords({ client }) })
const uploads = uploadsOver<NodeContext>(store, redisLocker({ client }))
await control(createServer(nodeHandler(uploads)))
