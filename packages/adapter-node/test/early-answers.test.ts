import type { HttpResponse } from '@tusker/core'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { nodeHandler } from '../src/index.ts'
import { handlerOf, head, serve, sleep } from './support/serve.ts'

const LENGTH = 8_000_000
const REFUSAL: HttpResponse = { status: 409, headers: {}, body: 'no' }

/** Sends all of a body, and only then looks for an answer, as many clients and proxies do. */
async function sendThenRead(origin: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {}).pause()
  socket.write(request)
  for (let sent = 0; sent < LENGTH; sent += 100_000) await send(socket, Buffer.alloc(100_000))
  let answer = ''
  socket
    .setEncoding('latin1')
    .on('data', (chunk) => (answer += String(chunk)))
    .resume()
  await expect.poll(() => socket.closed || answer.includes('409 Conflict')).toBe(true)
  socket.destroy()
  return answer
}

/** Resolves when it is on its way, or cannot be any more. */
async function send(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.destroyed) return
  await new Promise((resolve) => socket.write(bytes, resolve))
  await sleep(1)
}

describe('an answer to a client that still sends', () => {
  it.each([
    ['on a connection that stays', head('PATCH /files/a', `Content-Length: ${LENGTH}`)],
    [
      'on one that the client ends with this request',
      head('PATCH /files/a', `Content-Length: ${LENGTH}`, 'Connection: close'),
    ],
    ['on one of HTTP/1.0', head('PATCH /files/a HTTP/1.0', `Content-Length: ${LENGTH}`)],
    [
      'although it never got 100 Continue',
      head('PATCH /files/a', `Content-Length: ${LENGTH}`, 'Expect: 100-continue'),
    ],
  ])('is there when it reads at last, %s', async (_, request) => {
    const { origin, connect: raw } = await serve(nodeHandler(handlerOf(() => REFUSAL)))
    // What the first request prepares is prepared.
    const first = await raw()
    first.write(head('GET /files/a'))
    await first.answer()
    first.close()
    expect(await sendThenRead(origin, request)).toContain('409 Conflict')
  })

  it('ends a last connection as soon as the client has sent all', async () => {
    const { connect: raw } = await serve(nodeHandler(handlerOf(() => REFUSAL)))
    const connection = await raw()
    connection.write(head('PATCH /files/a', 'Content-Length: 10', 'Connection: close'))
    expect((await connection.answer()).status).toBe(409)
    const began = performance.now()
    connection.write('helloworld')
    await connection.over
    // Less than it waits for a client that does not send all.
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})
