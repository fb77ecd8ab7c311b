export { nodeHandler } from './node-handler.ts'
export type { NodeContext, NodeHandlerOptions, NodeListener } from './node-handler.ts'
export { adoptServer } from './host-server.ts'
export type { HostServer } from './host-server.ts'
export { closeServer } from './close-server.ts'
export type { CloseOptions } from './close-server.ts'
export { proxies } from './proxies.ts'

// For adapters of frameworks that stand on node:http
export { toHttpRequest } from './request.ts'
export type { Mounted } from './request.ts'
export { sendHttpResponse } from './response.ts'
export { pathOf } from './path.ts'
