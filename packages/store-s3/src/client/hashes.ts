/** The hashes that signatures need. */
interface Hashes {
  /** The SHA-256 of bytes, in hexadecimal. */
  sha256(bytes: Uint8Array): string | Promise<string>
  /** The HMAC-SHA-256 of text. */
  hmac(key: Uint8Array, text: string): Uint8Array | Promise<Uint8Array>
}

/** Where there are Node's hashes they are used: for the few bytes of a request they cost a tenth. */
const nodeCrypto =
  typeof process === 'object' ? process.getBuiltinModule?.('node:crypto') : undefined

/** Of Node, else of the web. */
export const hashes: Hashes = nodeCrypto === undefined ? webHashes() : nodeHashes(nodeCrypto)

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

function nodeHashes({ createHash, createHmac }: NonNullable<typeof nodeCrypto>): Hashes {
  return {
    sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    hmac: (key, text) => createHmac('sha256', key).update(text).digest(),
  }
}

/** What every other runtime has. */
export function webHashes(): Hashes {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return {
    async sha256(bytes) {
      return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))))
    },
    async hmac(key, text) {
      const raw = Uint8Array.from(key)
      const imported = await crypto.subtle.importKey('raw', raw, algorithm, false, ['sign'])
      const bytes = new TextEncoder().encode(text)
      return new Uint8Array(await crypto.subtle.sign('HMAC', imported, bytes))
    },
  }
}
