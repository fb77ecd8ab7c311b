import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tus from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rounds } from '../../../packages/testing/test/support/test-rounds.ts'
import { cuttingProxy } from './support/cutting-proxy.ts'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'
import { randomFile, sha256OfUrl } from './support/files.ts'

const MIB = 32 * rounds
const LENGTH = MIB * 2 ** 20
const CUTS = 6

describe(`tus-js-client sends ${MIB} MiB over a network that breaks ${CUTS} times`, () => {
  let demo: Demo
  let directory: string
  let file: string
  let digest: string

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tusker-interrupted-'))
    file = join(directory, 'file')
    digest = await randomFile(file, LENGTH)
    demo = await startDemo()
  })

  afterAll(async () => {
    await demo?.dispose()
    await rm(directory, { recursive: true, force: true })
  })

  it.each([
    ['in chunks of 16 MiB', 16 * 2 ** 20],
    ['in one request', Number.POSITIVE_INFINITY],
  ])(
    'and completes, %s, while the server is killed and restarted',
    { timeout: 300_000 },
    async (how, chunkSize) => {
      const every = Math.ceil(LENGTH / (CUTS + 3))
      const proxy = await cuttingProxy({ target: demo.port, every, cuts: CUTS })
      let killed: Promise<void> | undefined

      const answer = await new Promise<tus.HttpResponse>((resolve, reject) => {
        const upload = new tus.Upload(createReadStream(file), {
          endpoint: `http://127.0.0.1:${proxy.port}/content/@tus-upload`,
          headers: SIGNED_IN,
          metadata: { filename: `${how}.bin`, filetype: 'application/x-tusker-test' },
          uploadSize: LENGTH,
          chunkSize,
          retryDelays: Array.from({ length: 50 }, (_, attempt) => Math.min(attempt * 50, 1_000)),
          onProgress(sent) {
            if (sent > LENGTH / 2) killed ??= demo.end('SIGKILL').then(() => demo.start())
          },
          onError: reject,
          onSuccess: ({ lastResponse }) => resolve(lastResponse),
        })
        upload.start()
      })
      await killed
      await proxy.close()

      expect(killed).toBeDefined()
      expect(proxy.cuts).toEqual({ fin: CUTS / 2, rst: CUTS / 2 })
      const location = answer.getHeader('Location') ?? answer.getHeader('Content-Location')
      expect(location).toMatch(/^\/content\//)
      expect(await sha256OfUrl(`${demo.url}${location}`, SIGNED_IN)).toBe(digest)
    },
  )
})
