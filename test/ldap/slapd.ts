import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'
import { freePorts } from '../runtimes/ports.ts'
import { PEOPLE } from './people.ts'

const SCHEMAS = '/etc/ldap/schema'
const ENV = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` }

/** Why there is no slapd to test with; undefined where there is. */
export function whyNoSlapd(): string | undefined {
  if (!existsSync(join(SCHEMAS, 'inetorgperson.schema'))) return `${SCHEMAS} has no schemas`
  try {
    execFileSync('slapd', ['-VV'], { env: ENV, stdio: 'ignore' })
    return undefined
  } catch {
    return 'slapd is not installed (Debian: apt-get install slapd)'
  }
}

/** A directory of our own, with those people in it. */
export interface Slapd {
  readonly port: number
  /** Where it speaks TLS, as `localhost`. */
  readonly tlsPort: number
  /** The certificate it shows, which vouches for itself. */
  readonly ca: string
  stop(): Promise<void>
  /** After a stop: the same directory on the same ports. */
  start(): Promise<void>
  close(): Promise<void>
}

/** Starts one and waits until it serves. */
export async function startSlapd(): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-slapd-'))
  const [port, tlsPort] = await freePorts()
  const { cert, key } = await makeSelfSigned('localhost', Date.now())
  mkdirSync(join(folder, 'people'))
  writeFileSync(join(folder, 'cert.pem'), cert)
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 })
  writeFileSync(join(folder, 'slapd.conf'), configOf(folder))
  const added = ['-q', '-f', join(folder, 'slapd.conf')]
  execFileSync('slapadd', added, { env: ENV, input: PEOPLE, stdio: ['pipe', 'ignore', 'pipe'] })
  let child = await spawnSlapd(folder, [port, tlsPort])
  const stop = async (): Promise<void> => {
    if (hasEnded(child)) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return {
    port,
    tlsPort,
    ca: cert,
    stop,
    async start() {
      child = await spawnSlapd(folder, [port, tlsPort])
    },
    async close() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** `bind_anon_dn`: a name without a password binds as nobody, which is a success (RFC 4513, 5.1.2). */
function configOf(folder: string): string {
  return `
include ${SCHEMAS}/core.schema
include ${SCHEMAS}/cosine.schema
include ${SCHEMAS}/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
allow bind_anon_dn
pidfile ${folder}/slapd.pid
argsfile ${folder}/slapd.args
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
TLSVerifyClient never
database mdb
maxsize 10485760
dbnosync
suffix "dc=test"
directory ${folder}/people
access to attrs=userPassword by anonymous auth by * none
access to * by * none
`
}

async function spawnSlapd(folder: string, ports: readonly number[]): Promise<ChildProcess> {
  const urls = ports.map((port, i) => `ldap${i === 0 ? '' : 's'}://127.0.0.1:${port}/`).join(' ')
  // `-d` keeps it in the foreground; this level says what is wrong and little more.
  const words = ['-d', '1024', '-f', join(folder, 'slapd.conf'), '-h', urls]
  const child = spawn('slapd', words, { env: ENV, stdio: ['ignore', 'ignore', 'pipe'] })
  const orphan = (): void => void child.kill('SIGKILL')
  process.once('exit', orphan)
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      process.off('exit', orphan)
      reject(new Error(`slapd ended: ${said}`))
    })
  })
  failed.catch(() => {})
  // It says that it starts before it listens.
  await Promise.race([failed, Promise.all(ports.map((port) => untilListening(port, child)))])
  if (hasEnded(child)) await failed
  return child
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  while (!hasEnded(child) && !(await listens(port))) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
