import { MIB } from '../works/sizes.ts'
import { create, patchFields, send } from './client.ts'
import type { CountingProxy } from './counting-proxy.ts'

const LENGTH = 30 * MIB

/**
 * Sends 30 MiB to a server whose storage refuses one part for good, lets the client resume, and returns a
 * sentence about the bytes of the download.
 *
 * @param refused the number of the part
 */
export async function holeTest(
  port: number,
  proxy: CountingProxy,
  refused: number,
): Promise<string> {
  const path = await create(port, LENGTH)
  const restore = proxy.fail(({ part }) => part === refused)
  const first = await patch(port, path, 0)
  restore()
  const offset = await offsetOf(port, path)
  let resumed = 'not resumed'
  if (offset < LENGTH) resumed = `resume ${await patch(port, path, offset)}`
  const reached = await offsetOf(port, path)
  const { status, body } = await send(port, 'GET', path, {})
  const isRight = body.equals(bytesAt(0, LENGTH))
  const download = `GET ${status}, ${body.byteLength} bytes, ${isRight ? 'all right' : 'WRONG'}`
  return `PATCH ${first}, HEAD ${offset}, ${resumed}, HEAD ${reached}, ${download}`
}

async function patch(port: number, path: string, offset: number): Promise<number | string> {
  try {
    const fields = patchFields(offset)
    const from = (start: number, length: number): Buffer => bytesAt(offset + start, length)
    const { status } = await send(port, 'PATCH', path, fields, LENGTH - offset, from)
    return status
  } catch {
    return 'was cut off'
  }
}

async function offsetOf(port: number, path: string): Promise<number> {
  const { headers } = await send(port, 'HEAD', path, {})
  return Number(headers['upload-offset'])
}

/** Bytes that say where in an upload they are. */
function bytesAt(start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index += 1) {
    const at = start + index
    bytes[index] = (at ^ (at >> 8) ^ (at >> 16)) & 0xff
  }
  return bytes
}
