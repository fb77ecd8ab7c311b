import { closeServer } from '@tusker/adapter-node'
import { checksums } from '@tusker/checksums'
import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { HostSettings, Listening } from '@tusker/testing'
import {
  describeBadInput,
  describeHost,
  describeTus,
  listenOn,
  overSockets,
  socketClient,
} from '@tusker/testing'
import type { RequestListener } from 'node:http'
import { expect, it } from 'vitest'
import { isLong } from '../../packages/testing/test/support/test-rounds.ts'
import type { ConnectRequest } from '../connect-adapter.ts'
import { connectUploads } from '../connect-adapter.ts'

const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })

/** As much of a framework as passes requests on, below a mount. */
function framework(uploads: UploadServer, mount = ''): RequestListener {
  const middleware = connectUploads(uploads)
  return (req, res) => {
    const left = req.url?.startsWith(mount) ? req.url.slice(mount.length) : req.url
    const request: ConnectRequest = Object.assign(req, { originalUrl: req.url, url: left })
    middleware(request, res, () => {
      if (!res.headersSent) res.writeHead(404).end()
    })
  }
}

const serve = (uploads: UploadServer, settings: HostSettings): Promise<Listening> =>
  listenOn(framework(uploads), uploads, settings, closeServer)
const overConnect = overSockets(openStore, serve)

if (isLong) describeHost('Connect', serve, { openStore })
describeTus('Connect', (options) => overConnect({ checksums: checksums(), ...options }))
describeBadInput('Connect', overConnect, { runs: 10 })

it('the Connect adapter includes the mount path in Location', async () => {
  const uploads = createUploadServer({ path: '/files', ...openStore() })
  const listening = await listenOn(framework(uploads, '/api'), uploads, {}, closeServer)
  try {
    const client = socketClient(listening.origin)
    const answer = await client.send('POST /api/files', { 'upload-length': '5' })
    expect(answer.headers['location']).toMatch(/^\/api\/files\/\w+$/)
  } finally {
    await listening.close()
  }
})
