import { checksums } from '@tusker/checksums'
import type { UploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { Client, HostOptions, Listening, OpenHost } from '@tusker/testing'
import { describeDraft, http2Client, overSockets } from '@tusker/testing'
import { once } from 'node:events'
import { createSecureServer, createServer as createHttp2Server } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { selfSigned } from './support/certificate.ts'
import { NODE_HTTP2, NODE_HTTPS } from './support/hosts.ts'
import type { HostServer, NodeListener } from '../src/index.ts'
import { closeServer, nodeHandler } from '../src/index.ts'

// `conversations.test.ts` has the whole set over node:http.
const rules = isLong ? 'all' : 'host'

/** Hosts of node:http2 and node:https. `create` makes a server of a handler. */
function over(
  scheme: 'http' | 'https',
  create: (handler: NodeListener) => HostServer,
  clientOf?: (origin: string) => Client,
): OpenHost {
  async function listen(uploads: UploadServer): Promise<Listening> {
    const server = create(nodeHandler(uploads)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const leave = (): Promise<void> => closeServer(server, uploads)
    return { origin: `${scheme}://127.0.0.1:${port}`, close: leave, leave }
  }
  const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })
  const open = overSockets(openStore, listen, clientOf)
  return (options: HostOptions = {}) => open({ checksums: checksums(), ...options })
}

describeDraft('node:http2 in cleartext', over('http', createHttp2Server, http2Client), {
  ...NODE_HTTP2.draftOverHttp2,
  rules,
})

const pair = selfSigned()
if (pair === null) console.info('the draft over TLS is not tested: there is no openssl')
else {
  const secure = over('https', (handler) => createTlsServer(pair, handler))
  describeDraft('node:https', secure, { ...NODE_HTTPS.draft, rules })
  const http2 = over('https', (handler) => createSecureServer(pair, handler), http2Client)
  describeDraft('node:http2 over TLS', http2, { ...NODE_HTTP2.draftOverHttp2, rules })
}
