import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSocketTransport } from '../../adapters/node-http/transport.ts'
import { readCertificateNames } from '../../src/lib/certificate-names.ts'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'
import { makeSigningKey, type SigningKeyKind } from '../../src/lib/signing-key.ts'
import { readCertificate } from '../../src/lib/x509.ts'
import { createHttpCaller, type HttpCaller } from '../../src/pdk/http-call.ts'
import { thumbprintOf } from '../../src/plugins/acme/account.ts'
import { orderCertificate } from '../../src/plugins/acme/order.ts'
import { openSession } from '../../src/plugins/acme/session.ts'
import { freePort } from '../runtimes/ports.ts'

const HOST = 'localhost'
const MAC = 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W'
const missing = spawnSync('pebble', ['-h']).error !== undefined

// Pebble is Let's Encrypt's own authority for tests: `go install github.com/letsencrypt/pebble/v2/cmd/pebble@latest`.
describe.skipIf(missing)('Pebble (skipped where it is not installed)', () => {
  const answers = new Map<string, string>()
  const transport = createSocketTransport()
  let folder: string
  let pebble: ChildProcess
  let challenges: Server
  let http: HttpCaller
  let directory: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pebble-'))
    const [port, managementPort, httpPort] = [await freePort(), await freePort(), await freePort()]
    const { cert, key } = await makeSelfSigned(HOST, Date.now())
    writeFileSync(join(folder, 'cert.pem'), cert)
    writeFileSync(join(folder, 'key.pem'), key)
    const config = {
      listenAddress: `127.0.0.1:${port}`,
      managementListenAddress: `127.0.0.1:${managementPort}`,
      certificate: 'cert.pem',
      privateKey: 'key.pem',
      httpPort,
      tlsPort: 1,
      externalAccountMACKeys: { 'kid-1': MAC },
    }
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ pebble: config }))
    const env = { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '10' }
    pebble = spawn('pebble', ['-config', 'config.json'], { cwd: folder, env, stdio: 'ignore' })
    challenges = createServer((request, response) => {
      response.end(answers.get(request.url?.split('/').at(-1) ?? ''))
    }).listen(httpPort)
    directory = `https://${HOST}:${port}/dir`
    http = createHttpCaller({
      ...transport,
      send: (outgoing) => {
        const { tls } = outgoing
        return transport.send(
          tls === undefined ? outgoing : { ...outgoing, tls: { ...tls, ca: [cert] } },
        )
      },
    })
    await listening(http, directory)
  }, 30_000)

  afterAll(async () => {
    pebble.kill()
    challenges.close()
    await transport.close()
    rmSync(folder, { recursive: true })
  })

  it.each<{ account: SigningKeyKind; key: SigningKeyKind; kind: string; binding?: object }>([
    { account: { kind: 'EC' }, key: { kind: 'EC' }, kind: 'EC' },
    { account: { kind: 'RSA', bits: 2048 }, key: { kind: 'RSA', bits: 2048 }, kind: 'RSA' },
    { account: { kind: 'EC' }, key: { kind: 'EC' }, kind: 'EC', binding: { id: 'kid-1' } },
  ])(
    'gives a certificate to $account.kind for $kind $binding',
    async ({ account, key, kind, binding }) => {
      const own = await makeSigningKey(account)
      const session = await openSession({
        http,
        directory,
        email: 'me@test.com',
        key: own,
        ...(binding === undefined ? {} : { binding: { id: 'kid-1', secret: MAC } }),
      })
      const chain = await orderCertificate(session, {
        host: HOST,
        key: await makeSigningKey(key),
        thumbprint: thumbprintOf(own),
        preferredChain: null,
        publish: async (token, answer) => void answers.set(token, answer),
        withdraw: async (token) => void answers.delete(token),
        wait: () => new Promise((resolve) => setTimeout(resolve, 50)),
      })
      expect(readCertificate(chain)).toMatchObject({ publicKey: { kind } })
      expect(readCertificateNames(chain)?.issuer).toContain('Pebble')
      expect(answers.size).toBe(0)
    },
    30_000,
  )
})

async function listening(http: HttpCaller, directory: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const reply = await http({ url: new URL(directory), method: 'GET', timeout: 1000 })
      reply.drop()
      return
    } catch (error) {
      if (tries === 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
