// Everything in Redis, the bytes too.
import { createClient } from '@redis/client'
import type { NodeContext } from '@tusker/adapter-node'
import { nodeHandler } from '@tusker/adapter-node'
import { redisLocker, redisStore } from '@tusker/store-redis'
import { createServer } from 'node:http'
import { control, settings } from './support/control.ts'
import { uploadsOver } from './support/uploads.ts'

const client = createClient({ url: settings.redis })
await client.connect()
const uploads = uploadsOver<NodeContext>(redisStore({ client }), redisLocker({ client }))
await control(createServer(nodeHandler(uploads)))
