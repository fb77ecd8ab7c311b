import * as zlib from 'node:zlib'

/** The CRC-32 of a text of ASCII characters, as eight hexadecimal digits. */
export function checkValueOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}

/** Node has it from 20.15 and 22.2 on. Other runtimes with Node's modules may lack it. */
const crc32: (text: string) => number = 'crc32' in zlib ? zlib.crc32 : crc32InScript

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The same in JavaScript, for texts of ASCII characters. */
export function crc32InScript(text: string): number {
  let value = 0xffffffff
  for (let index = 0; index < text.length; index += 1) {
    value = (value >>> 8) ^ (TABLE[(value ^ text.charCodeAt(index)) & 0xff] ?? 0)
  }
  return (value ^ 0xffffffff) >>> 0
}
