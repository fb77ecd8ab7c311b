import type { ContentUpload } from '@tusker/content'
import { urlPolicy } from '@tusker/core'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { FRAMEWORKS, loadFramework } from '../src/frameworks/load-framework.ts'
import { uploadEvents } from '../src/live/upload-events.ts'
import { listenTo } from './support/event-stream.ts'
import type { UploadWatch } from '../src/live/upload-poller.ts'
import { uploadWatch } from '../src/live/upload-poller.ts'

const NONE = { async *uploads(): AsyncGenerator<ContentUpload> {} }

it.each(FRAMEWORKS)(
  'the live list removes the listener of a client that has disconnected, under %s',
  async (name) => {
    let listening = 0
    const watch = uploadWatch(NONE, () => undefined)
    const counted: UploadWatch = {
      ...watch,
      listen(listener) {
        listening += 1
        const stop = watch.listen(listener)
        return () => {
          listening -= 1
          stop()
        }
      },
    }
    const access = { challenge: '', identify: () => ({ name: 'ada' }), may: () => true }
    const content = { maySee: () => Promise.resolve(true) }
    const handler = uploadEvents({
      watch: counted,
      content,
      access,
      urls: urlPolicy({}),
      heartbeat: 200,
    })
    const server = await (await loadFramework(name))(handler, (listener) => listener)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      watch.close()
      server.closeAllConnections()
      server.close()
    })

    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/uploads/events`
    const streams = await Promise.all([listenTo(url, {}), listenTo(url, {}), listenTo(url, {})])
    for (const stream of streams) expect(await stream.next()).toMatchObject({ event: 'uploads' })
    expect(listening).toBe(3)
    for (const stream of streams) stream.close()
    await expect.poll(() => listening).toBe(0)
  },
)
