import type { HostDeclaration } from '@tusker/testing'

export const KOA: HostDeclaration = {
  name: 'Koa',
  packages: ['koa2', 'koa'],
  contract: {},
  tus: {},
  draft: {},
  draftOverHttp2: {},
  badInput: {},
}

export const HOSTS: readonly HostDeclaration[] = [KOA]
