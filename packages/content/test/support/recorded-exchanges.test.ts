import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeHandler } from '@tusker/adapter-node'
import { fsStore } from '@tusker/store-fs'
import type { Host } from './recorded-exchanges.ts'
import { describeRecordedExchanges } from './recorded-exchanges.ts'
import type { Send } from './test-content.ts'
import { testContent } from './test-content.ts'

describeRecordedExchanges('in memory', testContent)
describeRecordedExchanges('over a socket and files', socketHost)

async function socketHost(): Promise<Host> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-uploads-'))
  const content = await testContent({ store: fsStore({ directory }) })
  const http = createServer(nodeHandler(content.server)).listen(0, '127.0.0.1')
  await new Promise((resolve) => http.once('listening', resolve))
  const { port } = http.address() as AddressInfo
  return {
    send: over(`http://127.0.0.1:${port}`),
    async end() {
      http.closeAllConnections()
      http.close()
      await content.end()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function over(origin: string): Send {
  return async (line, headers = {}, body = '') => {
    const [method = '', path = ''] = line.split(' ')
    const response = await fetch(origin + path, { method, headers, ...(body && { body }) })
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    }
  }
}
