import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRawSettings } from './raw-settings.ts'
import { helpText } from './help.ts'
import { OPTIONS } from './options.ts'
import type { Settings } from './settings.ts'
import { settingsOf } from './settings.ts'
import { UsageError } from './usage-error.ts'

function settings(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Settings {
  return settingsOf(readRawSettings(args, environment))
}

it('every setting has a default', () => {
  expect(settings([])).toEqual({
    directory: resolve('uploads'),
    into: undefined,
    port: 1080,
    host: '127.0.0.1',
    path: '/files',
    downloads: true,
    maxLength: undefined,
    expireAfter: undefined,
    keepCompleted: undefined,
    idleTimeout: undefined,
    keepAlive: 75_000,
    credentials: { user: undefined, token: undefined },
    corsOrigins: undefined,
    corsHeaders: [],
    publicUrl: undefined,
    allowedHosts: [],
    trustedProxies: [],
    log: 'text',
  })
})

describe('flags of tusker-server', () => {
  it.each<[string[], Partial<Settings>]>([
    [['/srv/up'], { directory: '/srv/up' }],
    [['-p', '0'], { port: 0 }],
    [['--port=8080', 'here'], { port: 8080, directory: resolve('here') }],
    [['--path', '/a/b/'], { path: '/a/b' }],
    [['--path', 'files'], { path: '/files' }],
    [['--idle-timeout', '30s'], { idleTimeout: 30_000 }],
    [['--keep-alive', '2m'], { keepAlive: 120_000 }],
    [['--cors-origin', 'https://a.test/'], { corsOrigins: ['https://a.test'] }],
    [['--cors-header', 'traceparent, X-Team'], { corsHeaders: ['traceparent', 'X-Team'] }],
    [['--into', '/srv/in'], { into: '/srv/in' }],
    [['--no-downloads'], { downloads: false }],
    [['--downloads'], { downloads: true }],
    [['--max-size', '1000'], { maxLength: 1_000 }],
    [['--max-size', '1.5GB'], { maxLength: 1_500_000_000 }],
    [['--max-size', '10mb'], { maxLength: 10_000_000 }],
    [['--max-size', '10GiB'], { maxLength: 10 * 2 ** 30 }],
    [['--expire-after', '2d'], { expireAfter: 172_800_000 }],
    [['--keep-completed', '90s'], { keepCompleted: 90_000 }],
    [
      ['--user', 'ada:a:b'],
      { credentials: { user: { name: 'ada', password: 'a:b' }, token: undefined } },
    ],
    [['--token', 'abc.=='], { credentials: { user: undefined, token: 'abc.==' } }],
    [['--cors-origin', '*'], { corsOrigins: '*' }],
    [
      ['--cors-origin', 'https://a.test, http://b.test'],
      { corsOrigins: ['https://a.test', 'http://b.test'] },
    ],
    [['--allowed-hosts', 'a.test, b.test'], { allowedHosts: ['a.test', 'b.test'] }],
    [['--public-url', 'https://a.test/up'], { publicUrl: 'https://a.test/up' }],
    [['--trusted-proxies', '10.0.0.0/8, ::1'], { trustedProxies: ['10.0.0.0/8', '::1'] }],
    [['--log', 'json'], { log: 'json' }],
  ])('the flags %j are read', (args, expected) => {
    expect(settings(args)).toMatchObject(expected)
  })
})

describe('environment variables of tusker-server', () => {
  it.each<[string, string, Partial<Settings>]>([
    ['TUSKER_DIRECTORY', '/srv/up', { directory: '/srv/up' }],
    ['TUSKER_PORT', '80', { port: 80 }],
    ['TUSKER_MAX_SIZE', '1KiB', { maxLength: 1_024 }],
    ['TUSKER_DOWNLOADS', 'off', { downloads: false }],
    ['TUSKER_PORT', '', { port: 1080 }],
  ])('the variable %s=%s is read', (name, value, expected) => {
    expect(settings([], { [name]: value })).toMatchObject(expected)
  })

  it('a flag overrides its environment variable', () => {
    const environment = { TUSKER_PORT: '1', TUSKER_DIRECTORY: '/a', TUSKER_DOWNLOADS: 'off' }
    expect(settings(['/b', '--port', '2', '--downloads'], environment)).toMatchObject({
      port: 2,
      directory: '/b',
      downloads: true,
    })
  })
})

describe('settings of tusker-server that are not valid', () => {
  it.each([
    ['--port', '80x'],
    ['--port', '65536'],
    ['--path', '/'],
    ['--cors-header', 'a b'],
    ['--keep-alive', 'x'],
    ['--path', '/a b'],
    ['--max-size', '10 apples'],
    ['--max-size', '0'],
    ['--expire-after', '7'],
    ['--expire-after', 'soon'],
    ['--user', 'ada'],
    ['--user', ':secret'],
    ['--token', 'a b'],
    ['--cors-origin', 'a.test'],
    ['--public-url', 'a.test'],
    ['--trusted-proxies', '10.0.0.0/99'],
    ['--log', 'loud'],
  ])('%s %s is refused by its name', (flag, value) => {
    expect(() => settings([`${flag}=${value}`])).toThrow(UsageError)
    expect(() => settings([`${flag}=${value}`])).toThrow(new RegExp(`^${flag}: [^:]`))
  })

  it('all settings that are not valid are reported at once', () => {
    expect(() => settings(['--log', 'x'], { TUSKER_PORT: 'y' })).toThrow(
      /^TUSKER_PORT: must .*\n--log: must /,
    )
  })

  it.each([
    [['--prot', '80'], "Unknown option '--prot'. Did you mean --port?"],
    [['--port'], "Option '-p, --port <value>' argument missing"],
    [['--downloads=1'], "Option '--downloads' does not take an argument"],
    [['a', 'b'], 'unexpected argument: b'],
  ])('the arguments %j are refused', (args, message) => {
    expect(() => settings(args)).toThrow(new UsageError(message))
  })
})

it('an environment variable that names no setting is reported with the closest one', () => {
  const { warnings } = readRawSettings([], { TUSKER_MAXSIZE: '1', TUSKER_X: '1', PATH: '/' })
  expect(warnings).toEqual([
    'TUSKER_MAXSIZE is not a setting. Did you mean TUSKER_MAX_SIZE?',
    'TUSKER_X is not a setting',
  ])
})

it('the help explains every setting on lines of at most 100 characters', () => {
  for (const { name } of OPTIONS) expect(helpText()).toMatch(new RegExp(`--(\\[no-\\])?${name} `))
  expect(
    Math.max(
      ...helpText()
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(100)
})
