import { defineConfig } from 'tsup'

/** A command has no declarations: there is nothing in it to import. */
export default defineConfig({
  entry: ['src/main.ts'],
  format: ['esm'],
  sourcemap: true,
  clean: true,
  target: 'node20',
  platform: 'node',
})
