import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'
import type { RedisOptions } from '../../src/pdk/redis/redis-client.ts'
import { freePorts } from '../runtimes/ports.ts'

/** The name its certificate bears. */
export const TLS_NAME = 'redis.test'

/** Why there is no Redis to test with; undefined where there is. */
export function whyNoRedis(): string | undefined {
  try {
    execFileSync('redis-server', ['--version'])
    return undefined
  } catch {
    return 'redis-server is not installed (Debian: apt-get install redis-server)'
  }
}

/** A Redis of our own, empty and kept nowhere. */
export interface RedisServer {
  /** With its password: a client of its default user. */
  readonly options: RedisOptions & { readonly port: number }
  /** Where it speaks TLS. */
  readonly tlsPort: number
  /** The certificate it shows, which vouches for itself. */
  readonly ca: string
  stop(): Promise<void>
  /** After a stop: the same Redis on the same ports, with nothing in it. */
  start(): Promise<void>
  close(): Promise<void>
}

/** Starts one with a user `gibbon` beside the default one, and waits until it serves. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-redis-'))
  const [port, tlsPort] = await freePorts()
  const { cert, key } = await makeSelfSigned(TLS_NAME, Date.now())
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key)
  writeFileSync(join(folder, 'redis.conf'), configOf(folder, port, tlsPort))
  let child = await spawnRedis(folder)
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return {
    options: { host: '127.0.0.1', port, timeout: 5000, password: 'master' },
    tlsPort,
    ca: cert,
    stop,
    async start() {
      child = await spawnRedis(folder)
    },
    async close() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configOf(folder: string, port: number, tlsPort: number): string {
  return `
bind 127.0.0.1
port ${port}
tls-port ${tlsPort}
tls-cert-file ${join(folder, 'cert.pem')}
tls-key-file ${join(folder, 'key.pem')}
tls-ca-cert-file ${join(folder, 'cert.pem')}
tls-auth-clients no
dir ${folder}
save ""
appendonly no
requirepass master
user gibbon on >secret ~own:* &* +@all -flushall
`
}

function spawnRedis(folder: string): Promise<ChildProcess> {
  const child = spawn('redis-server', [join(folder, 'redis.conf')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (said.includes('Ready to accept connections')) resolve(child)
    })
    child.once('error', reject)
    child.once('close', () => reject(new Error(`redis-server ended: ${said}`)))
  })
}
