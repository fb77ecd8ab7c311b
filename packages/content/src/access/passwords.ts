import type { ScryptOptions } from 'node:crypto'
import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { InTurn, SignInAttempt } from './sign-in-queue.ts'

/** Checks a password, in a time that does not depend on how wrong it is. */
export type PasswordCheck = (password: string, attempt: SignInAttempt) => boolean | Promise<boolean>

const COST = 2 ** 15
const KEY_BYTES = 32
const HASH = /^scrypt:([1-9]\d{0,7}):([\w-]+):([\w-]+)$/

/** Hashes a password for a settings file: `scrypt:N:salt:hash`, with r = 8 and p = 1. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, { N: COST, length: KEY_BYTES })
  return `scrypt:${COST}:${salt.toString('base64url')}:${key.toString('base64url')}`
}

/** A password as a settings file has it: plain, or as `hashPassword` returns it. */
interface Setting {
  readonly plain: string | null
  readonly N: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/**
 * Makes the check for a password of a settings file.
 *
 * @throws Error for a setting that begins like a hash and is not one
 */
export function passwordCheck(setting: string, inTurn: InTurn): PasswordCheck {
  const { plain, N, salt, hash } = readSetting(setting)
  if (plain !== null) return plainCheck(plain)
  const length = hash.length
  return remembering(async (password, attempt) =>
    timingSafeEqual(await inTurn(attempt, () => derive(password, salt, { N, length })), hash),
  )
}

/**
 * A check that always fails, for names that no user has. It takes as long as the check of some user,
 * always of the same one for the same name: the time of a response does not tell which users exist.
 */
export function decoyCheck(settings: readonly string[], inTurn: InTurn): PasswordCheck {
  const models = settings.map(readSetting)
  const key = randomBytes(32)
  const salt = randomBytes(16)
  return async (password, attempt) => {
    const number = createHmac('sha256', key).update(attempt.name).digest().readUInt32BE()
    const model = models[number % models.length]
    if (model === undefined || model.plain !== null) return false
    const { N, hash } = model
    await inTurn(attempt, () => derive(password, salt, { N, length: hash.length }))
    return false
  }
}

function readSetting(setting: string): Setting {
  const none = Buffer.alloc(0)
  if (!setting.startsWith('scrypt:')) return { plain: setting, N: 0, salt: none, hash: none }
  const [, cost = '', salt = '', encoded = ''] = HASH.exec(setting) ?? []
  const N = Number(cost)
  const hash = Buffer.from(encoded, 'base64url')
  if (N < 2 || N > 2 ** 20 || !Number.isInteger(Math.log2(N)) || hash.length < 16) {
    throw new Error('a password hash must be scrypt:N:salt:hash, with N a power of two up to 2^20')
  }
  return { plain: null, N, salt: Buffer.from(salt, 'base64url'), hash }
}

function plainCheck(secret: string): PasswordCheck {
  const expected = digest(secret)
  return (password) => timingSafeEqual(digest(password), expected)
}

/**
 * An upload is many requests, and deriving a key is slow on purpose. So the last right password is
 * recognised by a digest under a key of this process, and equal passwords are checked together.
 */
function remembering(
  check: (password: string, attempt: SignInAttempt) => Promise<boolean>,
): PasswordCheck {
  const key = randomBytes(32)
  const pending = new Map<string, Promise<boolean>>()
  let known: Buffer | null = null

  return async (password, attempt) => {
    const presented = createHmac('sha256', key).update(password).digest()
    if (known !== null && timingSafeEqual(presented, known)) return true
    const name = presented.toString('base64')
    const checking =
      pending.get(name) ?? check(password, attempt).finally(() => pending.delete(name))
    pending.set(name, checking)
    if (!(await checking)) return false
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
