import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { FrameworkName } from './frameworks/load-framework.ts'
import { FRAMEWORKS } from './frameworks/load-framework.ts'

/** The bucket for uploads. AWS's usual variables hold the credentials. */
export interface S3Settings {
  readonly bucket: string
  /** Ends with a slash. */
  readonly prefix: string
  readonly endpoint: string | undefined
  readonly region: string | undefined
  readonly forcePathStyle: boolean | undefined
  /** Bytes. */
  readonly partSize: number | undefined
}

/** The settings of the demo, read from the environment once, at startup. */
export interface Settings {
  readonly port: number
  readonly host: string
  /** The framework that serves the demo. */
  readonly framework: FrameworkName
  /** The store of uploads: of content until they complete, of the plain endpoint permanently. */
  readonly store: 'fs' | 'memory' | 'redis' | 's3'
  /** The locker, which lets one request at a time change an upload. */
  readonly locker: 'file' | 'memory' | 'redis' | 's3'
  readonly redisUrl: string
  /** The bucket of `s3`; null for the other stores. */
  readonly s3: S3Settings | null
  /** The number of processes that serve one port. */
  readonly workers: number
  /** The directory of content and of the plain endpoint's files. */
  readonly dataDirectory: string
  /** The directory of the built page. */
  readonly pageDirectory: string
  /** The directory of unfinished uploads of content. Several processes may share it. */
  readonly uploadDirectory: string
  readonly publicUrl: string | undefined
  /** The host names that requests may name besides `localhost` and addresses; null for any name. */
  readonly allowedHosts: readonly string[] | null
  readonly corsOrigins: '*' | readonly string[] | undefined
  /** Request header fields that pages of other origins may send, besides the usual ones. */
  readonly corsHeaders: readonly string[]
  /** Bytes. */
  readonly maxLength: number | undefined
  /** Milliseconds. */
  readonly expireAfter: number
  /** The file with users and their rights. Without it the demo has the development user. */
  readonly usersFile: string | undefined
  readonly logLevel: string
}

const UNITS = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
} as const
const SIZES = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const

const duration = amount(UNITS, 'ms', 'a duration such as 90s, 15m, 1h or 2d')
const size = amount(SIZES, 'B', 'a number of bytes, or of KiB, MiB, GiB or TiB, such as 10GiB')

/** The default locker for each store. */
const LOCKERS = { fs: 'file', memory: 'memory', redis: 'redis', s3: 's3' } as const

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d+$/, 'must be a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number')
    .default(1080),
  HOST: z.string().default('127.0.0.1'),
  FRAMEWORK: z.enum(FRAMEWORKS).default('node'),
  STORE: z.enum(['fs', 'memory', 'redis', 's3']).default('fs'),
  LOCKER: z.enum(['file', 'memory', 'redis', 's3']).optional(),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis or rediss URL' })
    .default('redis://127.0.0.1:6379'),
  S3_BUCKET: z.string().optional(),
  S3_PREFIX: z
    .string()
    .regex(/^[^/].*\/$/, 'must be a path that ends with a slash, such as uploads/')
    .default('uploads/'),
  S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  S3_FORCE_PATH_STYLE: z.enum(['true', 'false']).optional(),
  S3_PART_SIZE: size.optional(),
  AWS_REGION: z.string().optional(),
  WORKERS: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a number of processes, from 1 to 999')
    .transform(Number)
    .default(1),
  DATA_DIR: z.string().default('data'),
  PAGE_DIR: z.string().default(join(import.meta.dirname, '../dist/page')),
  TUS_TMP_FILE_DIR: z.string().optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  ALLOWED_HOSTS: z
    .string()
    .regex(
      /^[\w.-]+(?:\s*,\s*[\w.-]+)*$/,
      'must be host names without ports, separated by commas, such as files.example,files.local',
    )
    .transform(readList)
    .default([]),
  CORS_ORIGIN: z.string().transform(readOrigins).optional(),
  CORS_HEADERS: z
    .string()
    .regex(
      /^[!#$%&'*+.^_`|~\w-]+(?:\s*,\s*[!#$%&'*+.^_`|~\w-]+)*$/,
      'must be names of header fields, separated by commas, such as traceparent,x-tenant',
    )
    .transform(readList)
    .default([]),
  MAX_SIZE: size.optional(),
  EXPIRE_AFTER: duration.default(UNITS.h),
  USERS_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/**
 * Reads the settings.
 *
 * @throws Error naming every variable that cannot be used, and why
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = Object.entries(environment).filter(([, value]) => value !== '')
  const result = Environment.safeParse(Object.fromEntries(given))
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new Error(problems.join('\n'))
  }
  const { data } = result
  const dataDirectory = resolve(data.DATA_DIR)
  return {
    port: data.PORT,
    host: data.HOST,
    framework: data.FRAMEWORK,
    ...placeIn(data),
    dataDirectory,
    pageDirectory: resolve(data.PAGE_DIR),
    uploadDirectory: resolve(data.TUS_TMP_FILE_DIR ?? join(dataDirectory, 'uploads')),
    publicUrl: data.PUBLIC_URL,
    allowedHosts: hostsIn(data),
    corsOrigins: data.CORS_ORIGIN,
    corsHeaders: data.CORS_HEADERS,
    maxLength: data.MAX_SIZE,
    expireAfter: data.EXPIRE_AFTER,
    usersFile: data.USERS_FILE,
    logLevel: data.LOG_LEVEL,
  }
}

type Values = z.infer<typeof Environment>

function placeIn(data: Values): Pick<Settings, 'store' | 'locker' | 'redisUrl' | 's3' | 'workers'> {
  const { STORE: store, LOCKER: locker = LOCKERS[store], REDIS_URL: redisUrl } = data
  const { WORKERS: workers } = data
  if (workers > 1 && store === 'memory') {
    throw new Error('STORE: several processes cannot share memory, choose fs, redis or s3')
  }
  if (workers > 1 && locker === 'memory') {
    throw new Error('LOCKER: several processes need a shared locker: file, redis or s3')
  }
  if (locker === 'file' && store !== 'fs') {
    throw new Error('LOCKER: file needs STORE=fs, because it uses the same directory')
  }
  if (locker === 's3' && store !== 's3') {
    throw new Error('LOCKER: s3 needs STORE=s3, because it uses the same bucket')
  }
  if (locker === 'redis' && store === 's3') {
    throw new Error('LOCKER: STORE=s3 keeps its leases in the bucket, remove LOCKER')
  }
  return { store, locker, redisUrl, s3: store === 's3' ? bucketIn(data) : null, workers }
}

function bucketIn(data: Values): S3Settings {
  const { S3_BUCKET: bucket, S3_FORCE_PATH_STYLE: pathStyle } = data
  if (bucket === undefined) throw new Error('S3_BUCKET: STORE=s3 needs the name of a bucket')
  return {
    bucket,
    prefix: data.S3_PREFIX,
    endpoint: data.S3_ENDPOINT,
    region: data.AWS_REGION,
    forcePathStyle: pathStyle === undefined ? undefined : pathStyle === 'true',
    partSize: data.S3_PART_SIZE,
  }
}

/** A server for this machine alone has no other name. One on a network can have any, if it is not said. */
function hostsIn({ HOST, PUBLIC_URL, ALLOWED_HOSTS }: Values): readonly string[] | null {
  const own = PUBLIC_URL === undefined ? [] : [new URL(PUBLIC_URL).hostname]
  const names = [...own.filter((name) => !name.startsWith('[')), ...ALLOWED_HOSTS]
  const isForThisMachine = HOST === 'localhost' || HOST === '::1' || HOST.startsWith('127.')
  return names.length > 0 || isForThisMachine ? names : null
}

function readOrigins(text: string): '*' | readonly string[] {
  return text.trim() === '*' ? '*' : readList(text)
}

function readList(text: string): string[] {
  return text.split(',').map((each) => each.trim())
}

/** A whole number with a unit. Without a unit, `defaultUnit` applies. */
function amount<Unit extends string>(
  units: Readonly<Record<Unit, number>>,
  defaultUnit: Unit,
  what: string,
): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const [, digits, unit = defaultUnit] = /^(\d+)\s*([A-Za-z]+)?$/.exec(text.trim()) ?? []
    const factor = Object.entries<number>(units).find(([name]) => name === unit)?.[1]
    const value = Number(digits) * (factor ?? Number.NaN)
    if (Number.isSafeInteger(value) && value > 0) return value
    context.addIssue({ code: 'custom', message: `must be ${what}` })
    return z.NEVER
  })
}
