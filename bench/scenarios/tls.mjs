import { GIBBONS, NATIVE } from '../candidates.mjs'
import { get } from '../load/requests.mjs'
import { compare } from './compare.mjs'

/** Clients over TLS, targets in the clear. */
export async function measure(run) {
  const asking = { request: get('/mock/anything?n=1'), length: 140, tls: true }
  const names = [...GIBBONS, ...NATIVE]
  const text = `GET, 140 bytes, 64 keep-alive connections over TLS 1.3 with a P-256 certificate; handshakes are not counted.\n\n${await compare(run, { names, asking })}`
  return { title: 'Clients over TLS', text }
}
