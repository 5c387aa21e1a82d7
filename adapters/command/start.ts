import os from 'node:os'
import process from 'node:process'
import { messageOf } from '../../src/lib/message-of.ts'
import type { LogLevel, Processes, Runtime } from '../../src/ports/runtime.ts'
import { stopAndExit } from './exit.ts'
import { greet } from './greeting.ts'
import { createLog } from './log.ts'
import { type Read, reasonOf, type Serving, serve } from './serving.ts'
import { openStorage } from './storage.ts'
import { serveByWorkers, workerCount } from './workers.ts'
import { isWorker, serveAsWorker } from './workers-member.ts'

/** Serves until a signal ends it; resolves to 1 at once when it cannot start. */
export async function start(runtimeName: string, read: Read): Promise<number | undefined> {
  const runtime = machineRuntime(runtimeName, read)
  if (isWorker()) return serveAsWorker(runtime, read)
  try {
    const serving = begin(runtime, read)
    onSignals(runtime, serving)
    const { manager = read.process.adminGui.listens } = await serving
    greet(runtime, read.settings, { ...read.process, manager })
    return undefined
  } catch (error) {
    process.stderr.write(`gibbon: cannot start: ${reasonOf(error)}\n`)
    return 1
  }
}

async function begin(runtime: Runtime, read: Read): Promise<Serving> {
  const storage = await openStorage(read, runtime)
  const count = workerCount(read.process.workers)
  if (count > 1) return serveByWorkers(runtime, read, { storage, count })
  return serve(runtime, read, { ...storage, applies: true, watches: true })
}

/**
 * SIGTERM and SIGINT end it with what is under way finished, its start included; SIGHUP reads the
 * file again.
 */
function onSignals(runtime: Runtime, serving: Promise<Serving>): void {
  let stopping = false
  const end = (signal: string): void => {
    if (stopping) process.exit(1)
    stopping = true
    runtime.log('notice', `${signal}: finishing what is under way`)
    stopAndExit(runtime, serving)
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  process.on('SIGHUP', () => runtime.background(serving.then((one) => one.reload('SIGHUP'))))
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
    hostname: os.hostname(),
    now: Date.now,
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    environment: (name) => process.env[name] || undefined,
    log,
    logLevel,
    processes,
    background: (work) => {
      work.catch((error: unknown) => log('error', `background work failed: ${messageOf(error)}`))
    },
  }
}

/** Others that serve beside this one are not known here. */
function processes(): Processes {
  const { pid, ppid } = process
  const heap = process.memoryUsage().heapUsed
  return { main: isWorker() ? ppid : pid, serving: [{ pid, heap }] }
}
