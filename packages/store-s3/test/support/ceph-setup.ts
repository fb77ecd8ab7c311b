// The global setup of this project: starts the gateway of Ceph for the tests that need one.
import type { TestProject } from 'vitest/node'
import type { CephGateway } from './ceph-gateway.ts'
import { startCeph } from './ceph-gateway.ts'
import { createBucket } from './create-bucket.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a storage with the bucket `bucket`; null where those tests are skipped. */
    readonly ceph: string | null
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const gateway = await start()
  project.provide('ceph', gateway?.endpoint ?? null)
  return async () => gateway?.stop()
}

async function start(): Promise<CephGateway | null> {
  if (!process.env['CI'] && process.env['TUSKER_CEPH'] !== '1') {
    // It is a download of 100 MB, so `npm test` does not begin with it.
    console.warn('Skipped: the tests with the S3 gateway of Ceph. TUSKER_CEPH=1 runs them, and CI.')
    return null
  }
  try {
    const gateway = await startCeph()
    await createBucket(gateway.endpoint)
    return gateway
  } catch (error) {
    if (process.env['TUSKER_CEPH'] === '1') throw error
    console.warn(`Skipped: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}
