import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { random } from '../../../testing/test/support/test-rounds.ts'
import { programPath } from './programs.ts'
import { bytesAt } from './upload.ts'

/** A storage, and how an upload there is divided. Sizes are in bytes. */
export interface Setting {
  readonly endpoint: string
  readonly prefix: string
  readonly style: 'quoted' | 'unquoted'
  readonly partSize: number
  readonly smallestPart: number
  readonly length: number
  /** Resolves at a random moment after parts began to arrive. By default it waits for a random time. */
  readonly untilKill?: () => Promise<void>
}

interface Server {
  readonly url: string
  readonly child: ChildProcess
}

async function start(setting: Setting): Promise<Server> {
  const { endpoint, prefix, partSize, smallestPart, style } = setting
  const args = [endpoint, prefix, String(partSize), String(smallestPart), style]
  const child = fork(programPath('serving-child'), args)
  const [message] = (await once(child, 'message')) as [{ readonly port: number }]
  return { url: `http://127.0.0.1:${message.port}`, child }
}

async function end({ child }: Server): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = once(child, 'exit')
  child.kill('SIGKILL')
  await over
}

const tus = { 'tus-resumable': '1.0.0' }

async function create({ url }: Server, length: number): Promise<string> {
  const headers = { ...tus, 'upload-length': String(length) }
  const response = await fetch(`${url}/files`, { method: 'POST', headers })
  expect(response.status).toBe(201)
  return response.headers.get('location') ?? ''
}

async function offsetAt({ url }: Server, path: string): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const response = await fetch(url + path, { method: 'HEAD', headers: tus })
    if (response.status === 200) return Number(response.headers.get('upload-offset'))
    await sleep(100)
  }
  throw new Error('HEAD is not answered')
}

/** Sends a PATCH. Resolves to its status, or to null when the connection was lost. */
function patch(
  { url }: Server,
  path: string,
  offset: number,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
): Promise<number | null> {
  const headers = {
    ...tus,
    'upload-offset': String(offset),
    'content-type': 'application/offset+octet-stream',
  }
  const init: RequestInit & { readonly duplex: 'half' } = {
    method: 'PATCH',
    headers,
    body,
    duplex: 'half',
  }
  return fetch(url + path, init).then(
    ({ status }) => status,
    () => null,
  )
}

/** The first half of a body, and the second when `isDue` resolves. */
function inHalves(body: Uint8Array, isDue: Promise<void>): ReadableStream<Uint8Array> {
  const half = body.byteLength / 2
  return new ReadableStream({
    start: (controller) => controller.enqueue(body.subarray(0, half)),
    async pull(controller) {
      await isDue
      controller.enqueue(body.subarray(half))
      controller.close()
    },
  })
}

async function contentAt({ url }: Server, path: string): Promise<Buffer> {
  const response = await fetch(url + path)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

async function expectContent(server: Server, path: string, expected: Uint8Array): Promise<void> {
  expect(Buffer.compare(await contentAt(server, path), expected)).toBe(0)
}

/** How often the server of an upload is killed. */
const KILLS = 3

/** Kills the server of an upload at random moments, and starts another one each time. */
export async function surviveKills(setting: Setting): Promise<void> {
  const body = Uint8Array.from(bytesAt(0, setting.length))
  const { untilKill = () => sleep(50 + random() * 400) } = setting
  let server = await start(setting)
  try {
    const path = await create(server, setting.length)
    let acknowledged = 0
    for (let kills = 0; acknowledged < setting.length; kills += 1) {
      const sending = patch(server, path, acknowledged, body.subarray(acknowledged))
      if (kills < KILLS) {
        const successor = start(setting)
        await Promise.race([untilKill(), sending])
        await end(server)
        await sending
        server = await successor
      } else {
        await sending
      }
      const offset = await offsetAt(server, path)
      expect(offset).toBeGreaterThanOrEqual(acknowledged)
      expect(kills).toBeLessThan(30)
      acknowledged = offset
    }
    await expectContent(server, path, body)
  } finally {
    await end(server)
  }
}

/** Stops a server in the middle of an upload, sends the rest to a second one, and then resumes the first. */
export async function surviveStop(setting: Setting): Promise<void> {
  const first = Uint8Array.from(bytesAt(0, setting.length))
  const second = first.map((byte) => byte ^ 0x55)
  const [stopped, other] = await Promise.all([start(setting), start(setting)])
  try {
    const path = await create(stopped, setting.length)
    let sendRest = (): void => {}
    const isDue = new Promise<void>((resolve) => (sendRest = resolve))
    const late = patch(stopped, path, 0, inHalves(first, isDue))
    await expect.poll(() => offsetAt(other, path)).toBeGreaterThan(0)
    stopped.child.kill('SIGSTOP')
    sendRest()
    const offset = await offsetAt(other, path)
    let reached = offset
    /** Where the first PATCH began that the other server accepted whole. */
    let accepted = setting.length
    for (let tries = 0; reached < setting.length && tries < 30; tries += 1) {
      const status = await patch(other, path, reached, second.subarray(reached))
      if (status === 204) accepted = Math.min(accepted, reached)
      reached = await offsetAt(other, path)
    }
    expect(reached).toBe(setting.length)
    stopped.child.kill('SIGCONT')
    const status = await late
    // It lost its lease.
    expect(status === null || status >= 400).toBe(true)
    const content = await contentAt(other, path)
    // A commit that was under way when the first server was stopped may have arrived after `offset` was read.
    const turn = content.findIndex((byte, at) => byte !== first[at])
    const from = turn === -1 ? setting.length : turn
    expect(from).toBeGreaterThanOrEqual(offset)
    expect(from).toBeLessThanOrEqual(accepted)
    const expected = Buffer.concat([first.subarray(0, from), second.subarray(from)])
    expect(Buffer.compare(content, expected)).toBe(0)
    await expectContent(stopped, path, expected)
  } finally {
    await Promise.all([end(stopped), end(other)])
  }
}

/** Lets two servers receive one upload from two clients at the same time. Each client resumes until it is complete. */
export async function surviveRace(setting: Setting): Promise<void> {
  const body = Uint8Array.from(bytesAt(0, setting.length))
  const servers = await Promise.all([start(setting), start(setting)])
  try {
    const path = await create(servers[0], setting.length)
    await Promise.all(servers.map((server) => finishAt(server, path, body)))
    for (const server of servers) await expectContent(server, path, body)
  } finally {
    await Promise.all(servers.map(end))
  }
}

async function finishAt(
  server: Server,
  path: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<void> {
  let reached = 0
  for (let tries = 0; reached < body.byteLength; tries += 1) {
    await patch(server, path, reached, body.subarray(reached))
    const offset = await offsetAt(server, path)
    expect(offset).toBeGreaterThanOrEqual(reached)
    expect(tries).toBeLessThan(50)
    reached = offset
  }
}
