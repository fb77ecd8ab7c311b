import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { RunningChecksum, ChecksumProvider } from '@tusker/core'
import { createCRC32 } from 'hash-wasm'

const HASHES = ['sha1', 'sha256', 'sha512', 'md5']

/** The polynomial of CRC-32C (Castagnoli), with its bits reversed. */
const CASTAGNOLI = 0x82f63b78

/**
 * The digests of the checksum extension of tus 1.0: `sha1`, `sha256`, `sha512`, `md5`, `crc32` and `crc32c`.
 * Node computes all but the last.
 *
 * tus does not define the order of the four bytes of a CRC. Here the most significant byte is the first.
 */
export function checksums(): ChecksumProvider {
  return {
    algorithms: [...HASHES, 'crc32', 'crc32c'],
    start(algorithm) {
      if (algorithm === 'crc32') return startCrc32()
      if (algorithm === 'crc32c') return startCrc32c()
      return startHash(algorithm)
    },
  }
}

function startHash(algorithm: string): RunningChecksum {
  const hash = createHash(algorithm)
  return {
    update: (chunk) => void hash.update(chunk),
    digest: () => hash.digest(),
  }
}

function startCrc32(): RunningChecksum {
  let value = 0
  return {
    update(chunk) {
      value = crc32(chunk, value)
    },
    digest() {
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, value)
      return bytes
    },
  }
}

async function startCrc32c(): Promise<RunningChecksum> {
  const hash = await createCRC32(CASTAGNOLI)
  return {
    update: (chunk) => void hash.update(chunk),
    digest: () => hash.digest('binary'),
  }
}
