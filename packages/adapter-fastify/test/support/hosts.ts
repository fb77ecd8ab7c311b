import type { HostDeclaration } from '@tusker/testing'

export const FASTIFY: HostDeclaration = {
  name: 'Fastify',
  packages: ['fastify5', 'fastify'],
  contract: {},
  tus: {
    skip: { 'field-7': 'Fastify refuses unknown methods with 404 before it calls a plugin' },
  },
  draft: {},
  draftOverHttp2: {},
  badInput: {
    hostRefuses: [
      {
        what: / of .*%/,
        reason: 'Fastify refuses a malformed path with 400 before it calls a plugin',
      },
      {
        what: /content-type $/,
        reason: 'Fastify refuses a malformed media type with 415 before it calls a plugin',
      },
    ],
  },
}

export const HOSTS: readonly HostDeclaration[] = [FASTIFY]
