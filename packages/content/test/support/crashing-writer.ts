// Adds and replaces content for as long as it lives, which is until it is killed.
import { directoryTree } from '../../src/tree/directory-tree.ts'
import { addNumbered, replaceNumbered } from './numbered-content.ts'

const [directory = '', first = '0'] = process.argv.slice(2)
const tree = directoryTree({ directory })

for (let number = Number(first); ; number += 1) {
  process.stdout.write(`${number}\n`)
  await addNumbered(tree, number)
  await replaceNumbered(tree, number)
}
