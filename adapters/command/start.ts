import { readFileSync } from 'node:fs'
import process from 'node:process'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import type { LogLevel, Runtime } from '../../src/ports/runtime.ts'
import type { ReadSettings } from '../../src/settings/read.ts'
import { createSocketTransport } from '../node-http/transport.ts'
import { describeError } from './check.ts'
import { greet } from './greeting.ts'
import { createLog } from './log.ts'
import { openPorts } from './ports.ts'
import { messageOf } from './sources.ts'
import { openStorage } from './storage.ts'
import { keepTicking } from './ticking.ts'

type Read = Extract<ReadSettings, { ok: true }>

/** Serves until a signal ends it; resolves to 1 at once when it cannot start. */
export async function start(runtimeName: string, read: Read): Promise<number | undefined> {
  const runtime = machineRuntime(runtimeName, read)
  try {
    await serve(runtime, read)
    return undefined
  } catch (error) {
    process.stderr.write(`gibbon: cannot start: ${describeError(error)}\n`)
    return 1
  }
}

async function serve(runtime: Runtime, { settings, process: chosen }: Read): Promise<void> {
  const storage = await openStorage(settings.database, chosen.dataDir, runtime)
  const transport = createSocketTransport()
  const gateway = await createGateway({ ...storage, transport, runtime, settings })
  const file = chosen.declarativeConfig
  if (file !== '') await gateway.applyConfig(readFileSync(file, 'utf8'))

  const ports = await openPorts(gateway, chosen, settings, runtime)
  const ticking = keepTicking(gateway, runtime)
  greet(runtime, settings, chosen)
  onSignals(runtime, file, gateway, async () => {
    ticking.stop()
    await ports.stop(chosen.shutdownTimeout)
    await gateway.close()
  })
}

/** SIGTERM and SIGINT end it with what is under way finished; SIGHUP reads the file again. */
function onSignals(
  runtime: Runtime,
  file: string,
  gateway: Gateway,
  stop: () => Promise<void>,
): void {
  let stopping = false
  const end = (signal: string): void => {
    if (stopping) process.exit(1)
    stopping = true
    runtime.log('notice', `${signal}: finishing what is under way`)
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        runtime.log('error', 'cannot stop cleanly', { error })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  process.on('SIGHUP', () => runtime.background(reload(runtime, file, gateway)))
}

async function reload(runtime: Runtime, file: string, gateway: Gateway): Promise<void> {
  if (file === '') return runtime.log('notice', 'SIGHUP: no kong.yaml to read again')
  try {
    await gateway.applyConfig(readFileSync(file, 'utf8'))
    runtime.log('notice', `SIGHUP: serving ${file} as it is now`)
  } catch (error) {
    runtime.log(
      'error',
      `SIGHUP: ${file} is not served, the old config stays: ${describeError(error)}`,
    )
  }
}

function machineRuntime(name: string, { settings, process: chosen }: Read): Runtime {
  const log = createLog({
    level: settings.logLevel as LogLevel, // one of them: the settings table admits no other
    format: chosen.logFormat,
    write: (line) => process.stderr.write(line),
    now: Date.now,
  })
  return {
    name,
    now: Date.now,
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    log,
    background: (work) => {
      work.catch((error: unknown) => log('error', `background work failed: ${messageOf(error)}`))
    },
  }
}
