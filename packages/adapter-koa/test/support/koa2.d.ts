// The oldest version that is supported; its types are near enough those of the newest.
declare module 'koa2' {
  export { default } from 'koa'
}
