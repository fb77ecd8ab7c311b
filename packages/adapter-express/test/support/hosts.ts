import type { HostDeclaration } from '@tusker/testing'

export const EXPRESS: HostDeclaration = {
  name: 'Express',
  packages: ['express4', 'express'],
  contract: {},
  tus: {},
  draft: {},
  noHttp2: 'Express does not run on `node:http2`',
  badInput: {},
}

export const HOSTS: readonly HostDeclaration[] = [EXPRESS]
