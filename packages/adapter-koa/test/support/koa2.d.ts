// The oldest supported version. Its types are similar enough to those of the newest one.
declare module 'koa2' {
  export { default } from 'koa'
}
