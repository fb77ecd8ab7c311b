// For tests of this repository only: what is published does not have it.
export { startCeph } from './ceph-gateway.ts'
export type { CephGateway } from './ceph-gateway.ts'
export { createBucket } from './create-bucket.ts'
export { CREDENTIALS } from './credentials.ts'
export { fakeS3 } from './fake-s3.ts'
export type { FakeS3 } from './fake-s3.ts'
export { serveFake } from './serve-fake.ts'
export type { ServedFake } from './serve-fake.ts'
