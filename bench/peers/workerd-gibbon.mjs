// Gibbon's own Worker, as `npm run start:workers` runs it, but for the process that starts it.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildWorker } from '../../scripts/build-worker.mjs'
import { workerdConfig } from '../../scripts/workerd-config.mjs'
import { oneRoute } from '../config.mjs'
import { startWorkerd } from './workerd-start.mjs'

const [port, ...targets] = process.argv.slice(2).map(Number)
const proxy = `127.0.0.1:${port}`
const admin = `127.0.0.1:${port + 100}`

await startWorkerd(port, {
  code: readFileSync(await buildWorker()),
  config(folder) {
    const state = join(folder, 'state')
    mkdirSync(state)
    const bindings = {
      KONG_DECLARATIVE_CONFIG_STRING: JSON.stringify(oneRoute(targets)),
      KONG_PROXY_LISTEN: proxy,
      KONG_ADMIN_LISTEN: admin,
    }
    return workerdConfig({ proxy, admin, state, bindings })
  },
})
