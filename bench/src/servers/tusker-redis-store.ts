// Everything in Redis, the bytes too.
import { createClient } from '@redis/client'
import type { NodeContext } from '@tusker/adapter-node'
import { nodeHandler } from '@tusker/adapter-node'
import { redisUploads } from '@tusker/store-redis'
import { createServer } from 'node:http'
import { control, settings } from './support/control.ts'
import { uploadsOver } from './support/uploads.ts'

const client = createClient({ url: settings.redis })
await client.connect()
const { store, locker } = redisUploads({ client })
const uploads = uploadsOver<NodeContext>(store, locker)
await control(createServer(nodeHandler(uploads)))
