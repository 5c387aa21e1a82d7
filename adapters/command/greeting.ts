import process from 'node:process'
import { VERSION } from '../../src/lib/version.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import { type Listen, urlOf } from '../../src/settings/listen.ts'
import type { ProcessSettings } from '../../src/settings/process-settings.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { configSource } from './config-source.ts'
import { guideText } from './help.ts'

/** Where things are, the Manager as it came to listen. */
type Places = ProcessSettings & { readonly manager: readonly Listen[] }

/** Says where everything is; to a person also what to do next. */
export function greet(runtime: Runtime, settings: Settings, chosen: Places): void {
  const proxy = urls(chosen.proxyListen)
  const admin = urls(chosen.adminListen)
  const manager = managerUrls(chosen)
  const streams = chosen.streamListen.map((at) => streamUrlOf(at)).join(', ')
  const kept = placeKept(settings, chosen)
  if (chosen.logFormat === 'json') {
    runtime.log('notice', 'serving', {
      version: VERSION,
      proxy,
      admin,
      manager,
      kept,
      ...(streams === '' ? {} : { streams }),
    })
    return
  }
  process.stderr.write(`
  gibbon ${VERSION} on ${runtime.name}

    proxy      ${proxy}
    admin API  ${admin}
    manager    ${manager}${streams === '' ? '' : `\n    streams    ${streams}`}
    kept in    ${kept}
`)
  const proxyListen = chosen.proxyListen.find(isPlain)
  const adminListen = chosen.adminListen.find(isPlain)
  if (proxyListen === undefined || adminListen === undefined || settings.database === 'off') return
  process.stderr.write(`
  Try it, in another terminal:
${guideText(urlOf(proxyListen), urlOf(adminListen))}
`)
}

function placeKept({ database }: Settings, chosen: Places): string {
  if (database === 'memory') return 'memory, until the process ends'
  if (database !== 'off') return chosen.dataDir
  return configSource(chosen)?.name ?? `${chosen.dataDir} (what is posted to /config)`
}

/** On its own listeners, or else beside the Admin API. */
function managerUrls({ manager, adminGui, adminListen }: Places): string {
  const [places, path] = manager.length > 0 ? [manager, adminGui.path] : [adminListen, '/manager']
  return places.map((at) => `${urlOf(at)}${path}`).join(', ') || 'off'
}

function streamUrlOf(listen: Listen): string {
  return urlOf(listen, listen.udp ? 'udp' : listen.ssl ? 'tls' : 'tcp')
}

/** Whether one may go there without saying more than a URL. */
function isPlain({ path, ssl, proxyProtocol }: Listen): boolean {
  return path === undefined && !ssl && !proxyProtocol
}

function urls(listens: readonly Listen[]): string {
  return [...new Set(listens.map((at) => urlOf(at)))].join(', ') || 'off'
}
