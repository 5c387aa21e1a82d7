import { GIBBONS, NATIVE } from '../candidates.mjs'
import { loadH2 } from '../load/h2.mjs'
import { compare } from './compare.mjs'

/** Clients that speak HTTP/2 over TLS, targets HTTP/1.1. */
export async function measure(run) {
  const ask = ({ port }, ms) => loadH2(port + 50, { ms, path: '/mock/anything?n=1' })
  const names = [...GIBBONS, ...NATIVE]
  const text = `GET, 140 bytes, 8 HTTP/2 connections over TLS with 8 streams each. The loader is Node's own HTTP/2 client and costs more than most proxies: requests/s are its own.\n\n${await compare(run, { names, ask })}`
  return { title: 'Clients by HTTP/2', text }
}
