// The oldest supported version. Its types are similar enough to those of the newest one.
declare module 'express4' {
  export { default } from 'express'
}
