import { BlockList, isIP } from 'node:net'

/**
 * Makes the `trustProxy` of an upload server from addresses and ranges: `127.0.0.1`, `10.0.0.0/8`,
 * `fd00::/8`. IPv4 addresses are recognised also where the host writes them as IPv6.
 *
 * @throws Error when one of them cannot be read
 */
export function proxies(...ranges: readonly string[]): (remoteAddress: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) add(list, range)
  return (remoteAddress) => {
    const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '')
    const family = familyOf(address)
    return family !== null && list.check(address, family)
  }
}

function add(list: BlockList, range: string): void {
  const [address = '', prefix, ...rest] = range.split('/')
  const family = familyOf(address)
  const bits = prefix === undefined ? null : Number(prefix)
  const most = family === 'ipv4' ? 32 : 128
  const valid = bits === null || (/^\d{1,3}$/.test(prefix ?? '') && bits <= most)
  if (family === null || !valid || rest.length > 0) {
    throw new Error(`a proxy must be an address or a range such as 10.0.0.0/8: "${range}"`)
  }
  if (bits === null) list.addAddress(address, family)
  else list.addSubnet(address, bits, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6'
}
