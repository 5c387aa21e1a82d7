import { exposureError } from './admin-exposure.ts'
import { adminTokenOf } from './admin-token.ts'
import { ALL_SETTINGS } from './all.ts'
import type { Listen } from './listen.ts'
import type { TextOf } from './numbers.ts'
import type { ProcessSettings } from './process-settings.ts'

/** Refuses words that a setting with a list of them does not know. */
export function checkChoices(text: TextOf, errors: string[]): void {
  for (const { name, oneOf } of ALL_SETTINGS) {
    const value = text(name)
    if (oneOf !== undefined && !oneOf.includes(value)) {
      errors.push(`${name} has an invalid value: '${value}' (${oneOf.join(', ')})`)
    }
  }
}

/** Refuses what was read well and yet cannot be served, or not safely. */
export function checkProcess(text: TextOf, chosen: ProcessSettings, errors: string[]): void {
  checkPairs(text, chosen, errors)
  checkAdmin(text, chosen.adminListen, errors)
  if (chosen.statusListen.some(({ ssl }) => ssl)) {
    errors.push('status_listen: ssl is not supported here, leave it out')
  }
  if (text('untrusted_lua') === 'on') {
    errors.push('untrusted_lua: there is no Lua outside of a sandbox here, set it to sandbox')
  }
  if (chosen.workers !== 1 && chosen.streamListen.some(({ udp }) => udp)) {
    errors.push('stream_listen: udp takes workers = 1, several would share out one sender')
  }
}

function checkPairs(text: TextOf, chosen: ProcessSettings, errors: string[]): void {
  const { proxyListen, streamListen, adminListen, adminGui, clientSsl } = chosen
  if (isEncrypted([...proxyListen, ...streamListen])) checkPair('ssl_cert', text, errors)
  if (isEncrypted(adminListen)) checkPair('admin_ssl_cert', text, errors)
  if (isEncrypted(adminGui.listens)) checkPair('admin_gui_ssl_cert', text, errors)
  if (clientSsl) checkPair('client_ssl_cert', text, errors)
}

function isEncrypted(listens: readonly Listen[]): boolean {
  return listens.some(({ ssl }) => ssl)
}

function checkPair(name: string, text: TextOf, errors: string[]): void {
  const files = [name, `${name}_key`]
  // With neither a pair is made.
  if (files.every((file) => text(file) === '')) return
  for (const file of files) {
    if (text(file) === '') errors.push(`${file} must be specified`)
  }
}

function checkAdmin(text: TextOf, listens: readonly Listen[], errors: string[]): void {
  const token = adminTokenOf(text)
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    errors.push('admin_token: a header cannot carry it, use letters, digits and signs alone')
  }
  // `off` as the token says the same as `admin_auth = off`, on every runtime.
  const open = text('admin_auth') === 'off' || text('admin_token') === 'off'
  const exposed = exposureError({ listens, token, open })
  if (exposed !== undefined) errors.push(exposed)
}
