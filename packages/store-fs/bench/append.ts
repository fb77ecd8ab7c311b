/**
 * What the store costs beside a floor that keeps no promise, in the same run and as a ratio:
 *
 *   npx turbo run build --filter=@tusker/store-fs && node --import tsx bench/append.ts [directory]
 *
 * CPU is that of the whole process, its threads included. The machine's noise is in both sides, so they
 * take turns, and the cheapest round of each counts.
 */
import {
  closeSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
  writev,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NewUpload } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'

const LARGE = 2 ** 30
const CHUNK = Buffer.alloc(64 * 1024, 1)
const SMALL = Buffer.alloc(4096, 1)
const COUNT = 1_000
const ACCEPTED = { kind: 'accepted', location: null, response: null } as const

type Work = (directory: string) => Promise<void>

const base = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'tusker-bench-'))
try {
  await compare('1 GiB in chunks of 64 KiB', 1, 4, largeFloor, largeStored)
  await compare('4 KiB: create, append', COUNT, 5, smallFloor, smallStored)
  await compare('4 KiB: create, append, finish', COUNT, 5, smallFloor, smallFinished)
  await compare('find', COUNT, 5, lookFloor, looks)
} finally {
  await rm(base, { recursive: true, force: true })
}

/** Takes turns, and prints the cheapest round of each side. */
async function compare(
  title: string,
  count: number,
  rounds: number,
  ...sides: [Work, Work]
): Promise<void> {
  const costs: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    for (const side of [0, 1] as const) {
      const directory = await mkdtemp(join(base, 'round-'))
      costs[side].push((await cpuOf(() => sides[side](directory))) / count)
      await rm(directory, { recursive: true, force: true })
    }
  }
  const [floor, store] = [Math.min(...costs[0]), Math.min(...costs[1])]
  const ratio = (store / floor).toFixed(2)
  console.log(`${title.padEnd(30)} floor ${shown(floor)}   store ${shown(store)}   ${ratio} times`)
}

function shown(microseconds: number): string {
  const text =
    microseconds < 10_000
      ? `${microseconds.toFixed(1)} us`
      : `${(microseconds / 1_000).toFixed(0)} ms`
  return text.padStart(9)
}

/** Microseconds of CPU. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** Four chunks to a `writev`, one of them under way, and nothing else. */
async function largeFloor(directory: string): Promise<void> {
  const fd = openSync(join(directory, 'floor'), 'w')
  let batch: Uint8Array[] = []
  let writing: Promise<void> = Promise.resolve()
  let at = 0
  for await (const chunk of chunks(LARGE / CHUNK.byteLength)) {
    batch.push(chunk)
    if (batch.length < 4) continue
    await writing
    writing = written(fd, batch, at)
    at += batch.length * CHUNK.byteLength
    batch = []
  }
  await writing
  closeSync(fd)
}

function written(fd: number, batch: readonly Uint8Array[], position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    writev(fd, batch, position, (error) => (error === null ? resolve() : reject(error)))
  })
}

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield CHUNK
}

async function largeStored(directory: string): Promise<void> {
  const store = fsStore({ directory })
  await store.create(uploadOf('large', LARGE))
  await store.append('large', 0, chunks(LARGE / CHUNK.byteLength), { token: null })
}

/** A file of bytes and a file of facts, written once. */
async function smallFloor(directory: string): Promise<void> {
  for (let index = 0; index < COUNT; index += 1) {
    const path = join(directory, `u${index}`)
    const fd = openSync(path, 'w')
    writeSync(fd, SMALL)
    closeSync(fd)
    writeFileSync(`${path}.json`, JSON.stringify(uploadOf(`u${index}`, SMALL.byteLength)))
  }
}

async function smallStored(directory: string): Promise<void> {
  const store = fsStore({ directory })
  for (let index = 0; index < COUNT; index += 1) {
    await store.create(uploadOf(`u${index}`, SMALL.byteLength))
    await store.append(`u${index}`, 0, small(), { token: null })
  }
}

async function smallFinished(directory: string): Promise<void> {
  const store = fsStore({ directory })
  for (let index = 0; index < COUNT; index += 1) {
    await store.create(uploadOf(`u${index}`, SMALL.byteLength))
    await store.append(`u${index}`, 0, small(), { token: null })
    await store.finish(`u${index}`, ACCEPTED, null)
  }
}

/** The record read and parsed, and the length of the file looked at. */
async function lookFloor(directory: string): Promise<void> {
  const path = join(directory, 'u1')
  writeFileSync(path, SMALL)
  writeFileSync(`${path}.json`, JSON.stringify(uploadOf('u1', SMALL.byteLength)))
  for (let index = 0; index < COUNT; index += 1) {
    JSON.parse(readFileSync(`${path}.json`, 'utf8'))
    statSync(path)
  }
}

async function looks(directory: string): Promise<void> {
  const store = fsStore({ directory })
  await store.create(uploadOf('u1', SMALL.byteLength))
  await store.append('u1', 0, small(), { token: null })
  for (let index = 0; index < COUNT; index += 1) await store.find('u1')
}

async function* small(): AsyncGenerator<Uint8Array> {
  yield SMALL
}

function uploadOf(id: string, length: number): NewUpload {
  return {
    id,
    length,
    metadata: 'filename d29ybGQucGRm,filetype YXBwbGljYXRpb24vcGRm',
    owner: 'ada',
    attributes: {},
    concatenation: null,
    concatenationField: null,
    createdAt: new Date(),
  }
}
