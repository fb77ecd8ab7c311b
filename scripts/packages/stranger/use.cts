import core = require('@tusker/core')
import { memoryStore } from '@tusker/store-memory'

const store = memoryStore()
export const uploads: core.UploadServer = core.createUploadServer({ path: '/files', store })
