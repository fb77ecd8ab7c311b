import { nodeHandler } from '@tusker/adapter-node'
import { createUploadServer, type UploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import core = require('@tusker/core')

const uploads: UploadServer = createUploadServer({ path: '/files', store: memoryStore() })
export const listener = nodeHandler(uploads)
export const again: typeof createUploadServer = core.createUploadServer
