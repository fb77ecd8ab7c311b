import type { HostDeclaration } from '@tusker/testing'

export const EXPRESS: HostDeclaration = {
  name: 'Express',
  packages: ['express4', 'express'],
  contract: {},
  tus: {},
  draft: {},
  badInput: {},
}

export const HOSTS: readonly HostDeclaration[] = [EXPRESS]
