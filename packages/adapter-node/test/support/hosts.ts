import type { HostDeclaration } from '@tusker/testing'

export const NODE_HTTP: HostDeclaration = {
  name: '`node:http`',
  tested: 'Node 20.19 and newer',
  contract: {},
  tus: {},
  draft: {},
  badInput: {},
}

export const NODE_HTTPS: HostDeclaration = {
  name: '`node:https`',
  tested: 'Node 20.19 and newer',
  draft: {},
  contract: {
    skip: [
      {
        test: 'responds to a client that closed its side after a complete request',
        reason: 'Node closes both sides of TLS, unless it is made with `allowHalfOpen: true`',
      },
    ],
  },
}

export const NODE_HTTP2: HostDeclaration = {
  name: '`node:http2`',
  tested: 'Node 20.19 and newer, in cleartext and over TLS',
  draftOverHttp2: {},
  own: {},
}

export const HOSTS: readonly HostDeclaration[] = [NODE_HTTP, NODE_HTTPS, NODE_HTTP2]
