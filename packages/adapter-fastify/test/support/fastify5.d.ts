// The oldest version that is supported; its types are near enough those of the newest.
declare module 'fastify5' {
  export { fastify } from 'fastify'
}
