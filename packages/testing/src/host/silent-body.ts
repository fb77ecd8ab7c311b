import { connectRaw } from './raw-connection.ts'

/**
 * Sends the head of a POST to `/session`, a part of its JSON body, and then nothing. Resolves to the status of
 * the response when the server has ended the connection.
 */
export async function statusOfSilentBody(origin: string): Promise<number> {
  const connection = await connectRaw(origin)
  const fields = ['Host: x', 'Content-Type: application/json', 'Content-Length: 20']
  connection.write(`POST /session HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n{"name":`)
  const { status } = await connection.answer()
  await connection.over
  return status
}
