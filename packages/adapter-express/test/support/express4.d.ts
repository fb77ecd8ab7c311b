// The oldest version that is supported; its types are near enough those of the newest.
declare module 'express4' {
  export { default } from 'express'
}
