import { memoryStore } from '@tusker/store-memory'
import { describeHost, listenOn } from '@tusker/testing'
import { closeServer, nodeHandler } from './index.ts'

const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })

describeHost(
  'node:http',
  (uploads, settings) => listenOn(nodeHandler(uploads), uploads, settings, closeServer),
  { openStore },
)
