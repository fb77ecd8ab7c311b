import type { HostDeclaration } from '@tusker/testing'
import type { RuntimeName } from '../runtimes/start.ts'

const DRAFT = {
  noInterim: 'a `Response` of the fetch API cannot be a 1xx',
  skip: { 'draft-look-10': 'the URL of a fetch request has its dot segments resolved already' },
}

const TUS = { missing: { 'checksum-trailer': 'the fetch API hides trailers' } }

export const HONO: HostDeclaration = {
  name: 'Hono on Node',
  packages: ['hono', '@hono/node-server'],
  contract: {
    skip: [
      {
        test: 'answers pipelined requests in their order',
        reason: 'a fetch handler does not know which requests share a connection',
      },
    ],
  },
  tus: TUS,
  draft: DRAFT,
}

export const SVELTEKIT: HostDeclaration = {
  name: 'SvelteKit, React Router and Remix',
  tested: 'their route signatures, on Node',
  tus: TUS,
  draft: DRAFT,
}

/** Hosts that tests install on demand. */
export const RUNTIMES: Readonly<Record<RuntimeName, HostDeclaration>> = {
  next: { name: 'Next.js', packages: ['next'], noInterim: DRAFT.noInterim, own: {} },
  bun: { name: 'Bun', packages: ['bun'], noInterim: DRAFT.noInterim, own: {} },
  deno: { name: 'Deno', packages: ['deno'], noInterim: DRAFT.noInterim, own: {} },
  workerd: {
    name: 'Cloudflare Workers (workerd)',
    packages: ['workerd'],
    noInterim: DRAFT.noInterim,
    own: {
      'serves the next request on a connection whose body it refused':
        'workerd closes a connection after the response if the body was not read to its end',
    },
  },
}

export const HOSTS: readonly HostDeclaration[] = [HONO, SVELTEKIT, ...Object.values(RUNTIMES)]
