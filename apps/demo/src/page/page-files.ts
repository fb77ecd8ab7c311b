import { systemCodeOf } from '@tusker/core'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** One file of the built page. */
export interface PageFile {
  readonly mediaType: string
  readonly body: Buffer
  /** `body` compressed with gzip; null for a file that is already compressed. */
  readonly gzipped: Buffer | null
  /** A strong entity tag of `body`, without quotes. */
  readonly tag: string
}

/** The files of the built page by their URL paths, such as `/assets/index-1a2b.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}
const COMPRESSED = new Set(['.png', '.woff2'])

/** Reads all files of the page into memory. Null when the page has not been built. */
export async function readPageFiles(directory: string): Promise<PageFiles | null> {
  const files = new Map<string, PageFile>()
  for (const path of await pathsIn(directory)) {
    const mediaType = MEDIA_TYPES[extname(path)]
    if (mediaType === undefined) continue
    const url = `/${relative(directory, path).split(sep).join('/')}`
    files.set(url, await readPageFile(path, mediaType))
  }
  return files.has('/index.html') ? files : null
}

async function pathsIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function readPageFile(path: string, mediaType: string): Promise<PageFile> {
  const body = await readFile(path)
  const gzipped = COMPRESSED.has(extname(path)) ? null : await promisify(gzip)(body)
  const tag = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  return { mediaType, body, gzipped, tag }
}
