// Run as a process of its own, to be killed or stopped: takes a lease, and tells what becomes of it.
import { createClient } from '@redis/client'
import { redisLocker } from '../../src/index.ts'

const [url = '', id = '', leaseTtl = ''] = process.argv.slice(2)
const client = createClient({ url })
await client.connect()
const locker = redisLocker({ client, leaseTtl: Number(leaseTtl) })

const request = { ask: 'yield', signal: new AbortController().signal } as const
await locker.withLease(id, request, async ({ token, lost }) => {
  process.send?.({ token })
  await new Promise<void>((resolve) => lost.addEventListener('abort', resolve))
  process.send?.({ ended: token })
})
process.disconnect()
// The connection for messages is still open, and keeps no process alive.
client.destroy()
