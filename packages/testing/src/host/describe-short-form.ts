import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StandardSchema } from '@tusker/core'
import { expect, it, onTestFinished } from 'vitest'
import type { StartedApplication } from './describe-resumable-route.ts'

/** What the metadata of the contract's upload has. */
export interface ShortFormMetadata {
  readonly album: string
}

/** What an application of this contract is given. */
export interface ShortFormOptions {
  readonly path: string
  readonly directory: string
  readonly metadata: StandardSchema<ShortFormMetadata>
}

/** How one adapter starts an application in the short form. */
export interface ShortForm {
  /** Passes `options` to the adapter, with a `beforeCreate` hook that calls `onCreate`. */
  start(
    options: ShortFormOptions,
    onCreate: (metadata: ShortFormMetadata) => void,
  ): Promise<StartedApplication>
  /** Calls the adapter with an object that is neither an upload server nor options. */
  startWithNothing(): unknown
  /** The path in front of the adapter's own; none by default. */
  readonly prefix?: string
}

const schema: StandardSchema<ShortFormMetadata> = {
  '~standard': {
    validate: (value) => ({ value: { album: String((value as { album?: unknown }).album) } }),
  },
}

/** The contract of the short form of one adapter, such as `expressUploads({ path, directory })`. */
export function describeShortForm(
  name: string,
  { start, startWithNothing, prefix = '' }: ShortForm,
): void {
  it(`${name} creates an upload server over a directory, with typed hooks, and closes it`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tusker-short-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const albums: string[] = []
    const options = { path: '/files', directory, metadata: schema }
    const { origin, end } = await start(options, ({ album }) => void albums.push(album))
    const upload = (): Promise<Response> => uploadTo(`${origin}${prefix}/files`)

    const { status, headers } = await upload().catch(async (error: unknown) => {
      await end()
      throw error
    })
    await end()
    expect(status).toBe(201)
    expect(headers.get('location')).toContain(`${prefix}/files/`)
    expect(albums).toEqual(['summer'])
    expect(await readdir(directory)).not.toEqual([])
    await expect(upload()).rejects.toThrow()
  })

  it(`${name} refuses to be called without an upload server or options`, async () => {
    await expect(async () => startWithNothing()).rejects.toThrow(/upload server/)
  })
}

/** Uploads 5 bytes in one request. */
function uploadTo(url: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': '5',
      'upload-metadata': 'album c3VtbWVy',
      'content-type': 'application/offset+octet-stream',
    },
    body: 'hello',
  })
}
