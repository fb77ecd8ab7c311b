// The oldest supported version. Its types are similar enough to those of the newest one.
declare module 'fastify5' {
  export { fastify } from 'fastify'
}
