import { createBucket, startCeph } from '@tusker/store-s3/testing'
import { build } from 'esbuild'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerProcess } from '../server-process.ts'
import { startServer } from '../server-process.ts'

/** The two servers that are compared. */
export const S3_SERVERS = ['s3-tusker', 's3-tus-node-server'] as const

/** Compiles the programs of the servers, as `buildServers` does, and returns their directory. */
export async function buildS3Servers(): Promise<string> {
  const outdir = join(import.meta.dirname, '../../dist')
  await build({
    entryPoints: S3_SERVERS.map((name) => join(import.meta.dirname, `servers/${name}.ts`)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  })
  return outdir
}

/** Ceph's S3 gateway with an empty bucket. */
export async function startStorage(): Promise<{
  readonly endpoint: string
  stop(): Promise<void>
}> {
  const ceph = await startCeph()
  await createBucket(ceph.endpoint)
  return ceph
}

/** A server over a storage, and the directory for its temporary files. */
export interface S3Server extends ServerProcess {
  readonly temporary: string
}

export async function startS3Server(
  programs: string,
  name: string,
  { directory, s3 }: { readonly directory: string; readonly s3: string },
): Promise<S3Server> {
  await mkdir(directory, { recursive: true })
  const temporary = await mkdtemp(join(directory, `${name}-`))
  const server = await startServer(programs, name, { directory: temporary, redis: '', s3 })
  return { ...server, temporary }
}
