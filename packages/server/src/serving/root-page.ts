import type { RequestListener } from 'node:http'

/**
 * Responds to paths that are not about uploads: GET of the root says where uploads are created, and how to try it.
 *
 * @param urlOf returns the URL at which uploads are created
 */
export function rootPage(urlOf: () => string): RequestListener {
  return (req, res) => {
    const isRoot = req.url === '/' && (req.method === 'GET' || req.method === 'HEAD')
    const text = isRoot ? greetingAt(urlOf()) : 'not found\n'
    const headers = {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'x-content-type-options': 'nosniff',
    }
    res.writeHead(isRoot ? 200 : 404, headers).end(text)
  }
}

function greetingAt(url: string): string {
  return `Tusker receives resumable uploads at ${url}

Any client of tus 1.0 works with it. To try it:

  curl -i ${url} -H 'Tus-Resumable: 1.0.0' \\
    -H 'Content-Type: application/offset+octet-stream' \\
    -H 'Upload-Length: 5' --data-binary hello
`
}
