import type { HostDeclaration } from '@tusker/testing'

export const FASTIFY: HostDeclaration = {
  name: 'Fastify',
  packages: ['fastify5', 'fastify'],
  contract: {},
  tus: {
    skip: { 'field-7': 'unknown methods are 404 before a plugin is asked' },
  },
  badInput: {
    hostRefuses: [
      { what: / of .*%/, reason: 'bad percent-encoding in a path is 400 before a plugin is asked' },
      {
        what: /content-type $/,
        reason: 'an unreadable media type is 415 before a plugin is asked',
      },
    ],
  },
}

export const HOSTS: readonly HostDeclaration[] = [FASTIFY]
