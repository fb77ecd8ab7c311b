import { hashPassword } from '@tusker/content'
import { createInterface } from 'node:readline/promises'

// The question goes to standard error, so that the hash alone can be sent to a file.
const asking = createInterface({ input: process.stdin, output: process.stderr })
const password = await asking.question('Password: ')
asking.close()
console.log(await hashPassword(password))
