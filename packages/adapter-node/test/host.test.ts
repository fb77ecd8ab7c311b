import { memoryStore } from '@tusker/store-memory'
import { describeHost, limitsFor, listenOn, listenWith } from '@tusker/testing'
import { createServer as createTlsServer } from 'node:https'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { selfSigned } from './support/certificate.ts'
import { NODE_HTTP, NODE_HTTPS } from './support/hosts.ts'
import { closeServer, nodeHandler } from '../src/index.ts'

const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })

describeHost(
  'node:http',
  (uploads, settings) => listenOn(nodeHandler(uploads), uploads, settings, closeServer),
  { openStore, ...NODE_HTTP.contract },
)

const pair = selfSigned()
if (pair === null) console.info('node:https is not tested: there is no openssl')
else if (isLong) {
  describeHost(
    'node:https',
    (uploads, settings) => {
      const server = createTlsServer({ ...limitsFor(settings), ...pair }, nodeHandler(uploads))
      return listenWith(server, uploads, closeServer)
    },
    { openStore, ...NODE_HTTPS.contract },
  )
}
