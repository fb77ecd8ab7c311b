import type { NodeContext } from '@tusker/adapter-node'
import { nodeHandler } from '@tusker/adapter-node'
import { createServer } from 'node:http'
import { control } from './support/control.ts'
import { sharedUploads } from './support/uploads.ts'

await control(createServer(nodeHandler(sharedUploads<NodeContext>())))
