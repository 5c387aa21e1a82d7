import { GIBBONS, NATIVE } from '../candidates.mjs'
import { post } from '../load/requests.mjs'
import { compare } from './compare.mjs'

/** Requests with a body. */
export async function measure(run) {
  const asking = { request: post('/mock/anything', 10_240), length: 140 }
  const names = [...GIBBONS, ...NATIVE, 'bare node:http']
  const text = `POST of 10 KiB, 140 bytes of answer, 64 keep-alive connections.\n\n${await compare(run, { names, asking })}`
  return { title: 'Requests of 10 KiB', text }
}
