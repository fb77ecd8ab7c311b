import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { RunningChecksum, ChecksumProvider } from '@tusker/core'
import { createCRC32 } from 'hash-wasm'

const HASHES = ['sha1', 'sha256', 'sha512', 'md5']

/** Castagnoli's polynomial, its bits reversed: what makes a CRC-32 a CRC-32C. */
const CASTAGNOLI = 0x82f63b78

/**
 * The digests of tus 1.0's checksum extension: `sha1`, `sha256`, `sha512`, `md5`, `crc32` and `crc32c`.
 * All but the last come from Node itself.
 *
 * tus does not say in which order the four bytes of a CRC are sent: here they are sent with the most
 * significant first, as they are written.
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
