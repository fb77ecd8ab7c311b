import type { ScryptOptions } from 'node:crypto'
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Tells whether a password is the right one, in a time that does not depend on how wrong it is. */
export type PasswordCheck = (password: string) => boolean | Promise<boolean>

const COST = 2 ** 15
const KEY_BYTES = 32
const HASH = /^scrypt:([1-9]\d{0,7}):([\w-]+):([\w-]+)$/

/** Hashes a password for a settings file: `scrypt:N:salt:hash`, with r = 8 and p = 1. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, { N: COST, length: KEY_BYTES })
  return `scrypt:${COST}:${salt.toString('base64url')}:${key.toString('base64url')}`
}

/** Runs one slow task after the other. */
export type InTurn = <Result>(task: () => Promise<Result>) => Promise<Result>

/**
 * Reads a password from a settings file, plain or as `hashPassword` gave it.
 *
 * @throws Error for something that begins like a hash and is none
 */
export function passwordCheck(setting: string, inTurn: InTurn): PasswordCheck {
  if (!setting.startsWith('scrypt:')) return plainCheck(setting)
  const [, cost = '', salt = '', hash = ''] = HASH.exec(setting) ?? []
  const N = Number(cost)
  const expected = Buffer.from(hash, 'base64url')
  if (N < 2 || N > 2 ** 20 || !Number.isInteger(Math.log2(N)) || expected.length < 16) {
    throw new Error('a password hash must be scrypt:N:salt:hash, with N a power of two up to 2^20')
  }
  const saltBytes = Buffer.from(salt, 'base64url')
  const length = expected.length
  return remembering(async (password) =>
    timingSafeEqual(await inTurn(() => derive(password, saltBytes, { N, length })), expected),
  )
}

/** As slow as checking a hash, and never right: for users that do not exist. */
export function decoyCheck(inTurn: InTurn): PasswordCheck {
  const salt = randomBytes(16)
  return async (password) => {
    await inTurn(() => derive(password, salt, { N: COST, length: KEY_BYTES }))
    return false
  }
}

function plainCheck(secret: string): PasswordCheck {
  const expected = digest(secret)
  return (password) => timingSafeEqual(digest(password), expected)
}

/**
 * An upload is many requests, and deriving a key is meant to be slow: the last right password is
 * recognised by a digest under a key that never leaves this process.
 */
function remembering(check: (password: string) => Promise<boolean>): PasswordCheck {
  const key = randomBytes(32)
  const digestOf = (password: string): Buffer =>
    createHash('sha256').update(key).update(password).digest()
  let known: Buffer | null = null

  return async (password) => {
    const presented = digestOf(password)
    if (known !== null && timingSafeEqual(presented, known)) return true
    if (!(await check(password))) return false
    known = presented
    return true
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function derive(
  password: string,
  salt: Buffer,
  { N, length }: { readonly N: number; readonly length: number },
): Promise<Buffer> {
  const options: ScryptOptions = { N, maxmem: 256 * 8 * N }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
