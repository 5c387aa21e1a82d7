import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from './ports.ts'

/** A Worker of a test's own in a workerd. */
export interface OwnWorker {
  readonly url: string
  /** SIGKILL, its end, and its state gone. */
  stop(): Promise<void>
}

/** What is used of the project's scripts, which have no types of their own. */
interface Scripts {
  bundleOf(input: string): Promise<string>
  findWorkerd(): string | undefined
  workerdConfig(parts: object): string
}

/** Bundles a program, serves it, and waits until it answers. */
export async function startWorker(program: URL): Promise<OwnWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-worker-'))
  const [proxy, admin] = (await freePorts()).map((port) => `127.0.0.1:${port}`)
  const { bundleOf, findWorkerd, workerdConfig } = await scripts()
  const [state, config] = [join(folder, 'state'), join(folder, 'config.capnp')]
  mkdirSync(state)
  writeFileSync(join(folder, 'worker.js'), await bundleOf(fileURLToPath(program)))
  writeFileSync(config, workerdConfig({ proxy, admin, state, bindings: {} }))

  const child = spawn(findWorkerd() ?? 'workerd', ['serve', config], { stdio: 'inherit' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const worker: OwnWorker = {
    url: `http://${proxy}/`,
    async stop() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
  if (await answersInTime(`http://${admin}/`)) return worker
  await worker.stop()
  throw new Error('workerd does not answer')
}

async function scripts(): Promise<Scripts> {
  const paths = ['build-worker', 'workerd-config'].map(
    (name) => new URL(`../../scripts/${name}.mjs`, import.meta.url).href,
  )
  return Object.assign({}, ...(await Promise.all(paths.map((path) => import(path)))))
}

async function answersInTime(url: string): Promise<boolean> {
  for (let turn = 0; turn < 400; turn++) {
    if (await isReady(url)) return true
    await new Promise((done) => setTimeout(done, 25))
  }
  return false
}

function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}
