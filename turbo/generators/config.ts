// `npm run new:package` lays out a published package from the files in `template/`.
interface Plop {
  setGenerator(name: string, generator: object): void
}

export default function generators(plop: Plop): void {
  plop.setGenerator('package', {
    description: 'A new published package',
    prompts: [
      { type: 'input', name: 'name', message: 'The folder below packages/, for example store-gcs' },
      { type: 'input', name: 'description', message: 'What it does, in one sentence' },
    ],
    actions: [
      {
        type: 'addMany',
        destination: '{{ turbo.paths.root }}/packages/{{ name }}',
        base: 'template',
        templateFiles: 'template/**',
      },
    ],
  })
}
