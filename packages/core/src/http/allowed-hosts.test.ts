import { expect, it } from 'vitest'
import type { HttpRequest } from '../model/http.ts'
import { withAllowedHosts } from './allowed-hosts.ts'

const handler = {
  matches: () => true,
  handle: () => Promise.resolve({ status: 204, headers: {} }),
}

async function statusFor(host: string | null): Promise<number> {
  const headers = { get: (name: string) => (name === 'host' ? host : null) }
  // The other members of a request are not read.
  const request = { method: 'GET', path: '/files', headers } as unknown as HttpRequest
  return (await withAllowedHosts(['files.example'], handler).handle(request)).status
}

const ACCEPTED = [
  'files.example',
  'FILES.example:1080',
  'files.example.',
  'localhost',
  'app.localhost:3000',
  '127.0.0.1:1080',
  '192.0.2.1',
  '[::1]:1080',
  '[2001:db8::1]',
  null,
]

it.each(ACCEPTED)('a request for the host %s is accepted', async (host) => {
  expect(await statusFor(host)).toBe(204)
})

const REFUSED = [
  'evil.example',
  'evil.files.example',
  'files.example.evil',
  'xlocalhost',
  '127.0.0.1.evil',
  'localhost.evil',
  'files.example@evil',
  '[::1].evil',
  '',
]

it.each(REFUSED)('a request for the host "%s" is refused with 421', async (host) => {
  expect(await statusFor(host)).toBe(421)
})

it.each(['https://files.example', 'files.example:80', 'files.example/', '*', ''])(
  'the name "%s" of an allowed host is not valid',
  (host) => {
    expect(() => withAllowedHosts([host], handler)).toThrow(TypeError)
  },
)
