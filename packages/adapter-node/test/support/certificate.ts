import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A key and its certificate, made by openssl; null where there is none. */
export function selfSigned(): { key: Buffer; cert: Buffer } | null {
  const directory = mkdtempSync(join(tmpdir(), 'tusker-tls-'))
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  try {
    const { status } = spawnSync('openssl', [
      'req',
      '-x509',
      ...curve,
      ...subject,
      '-days',
      '1',
      '-keyout',
      key,
      '-out',
      cert,
    ])
    return status === 0 ? { key: readFileSync(key), cert: readFileSync(cert) } : null
  } finally {
    rmSync(directory, { recursive: true })
  }
}
