import process from 'node:process'
import { createGateway } from '../../src/gateway.ts'
import type { LogLevel, Runtime } from '../../src/ports/runtime.ts'
import type { ReadSettings } from '../../src/settings/read.ts'
import { createSocketTransport } from '../node-http/transport.ts'
import { greet } from './greeting.ts'
import { createLog } from './log.ts'
import { openPorts } from './ports.ts'
import { createReloader, type Reloader, UnservableFile } from './reload.ts'
import { messageOf } from './sources.ts'
import { openStorage } from './storage.ts'
import { keepTicking } from './ticking.ts'
import { watchFile } from './watch.ts'

type Read = Extract<ReadSettings, { ok: true }>

/** Serves until a signal ends it; resolves to 1 at once when it cannot start. */
export async function start(runtimeName: string, read: Read): Promise<number | undefined> {
  const runtime = machineRuntime(runtimeName, read)
  try {
    await serve(runtime, read)
    return undefined
  } catch (error) {
    const lines = error instanceof UnservableFile ? error.lines : []
    const text = [`gibbon: cannot start: ${messageOf(error)}`, ...lines].join('\n')
    process.stderr.write(`${text}\n`)
    return 1
  }
}

async function serve(runtime: Runtime, { settings, process: chosen }: Read): Promise<void> {
  const storage = await openStorage(settings.database, chosen.dataDir, runtime)
  const transport = createSocketTransport()
  const gateway = await createGateway({ ...storage, transport, runtime, settings })
  const file = chosen.declarativeConfig
  const reloader = file === '' ? undefined : createReloader(file, { gateway, runtime })
  await reloader?.start()

  const ports = await openPorts(gateway, chosen, settings, runtime)
  const ticking = keepTicking(gateway, runtime)
  const watching =
    reloader === undefined || !chosen.declarativeWatch
      ? undefined
      : watchFile(file, { onChange: () => reloader.reload('file changed', { onlyNew: true }) })
  greet(runtime, settings, chosen)
  onSignals(runtime, reloader, async () => {
    watching?.stop()
    ticking.stop()
    await ports.stop(chosen.shutdownTimeout)
    await gateway.close()
  })
}

/** SIGTERM and SIGINT end it with what is under way finished; SIGHUP reads the file again. */
function onSignals(
  runtime: Runtime,
  reloader: Reloader | undefined,
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
  process.on('SIGHUP', () => {
    if (reloader === undefined) runtime.log('notice', 'SIGHUP: no kong.yaml to read again')
    else runtime.background(reloader.reload('SIGHUP'))
  })
}

function machineRuntime(name: string, { settings, process: chosen }: Read): Runtime {
  const { log, level: logLevel } = createLog({
    level: settings.logLevel as LogLevel, // one of them: the settings table admits no other
    format: chosen.logFormat,
    write: (line) => process.stderr.write(line),
    now: Date.now,
    secrets: settings.adminToken === undefined ? [] : [settings.adminToken],
  })
  return {
    name,
    now: Date.now,
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    log,
    logLevel,
    background: (work) => {
      work.catch((error: unknown) => log('error', `background work failed: ${messageOf(error)}`))
    },
  }
}
