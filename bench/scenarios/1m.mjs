import { GIBBONS, NATIVE } from '../candidates.mjs'
import { get } from '../load/requests.mjs'
import { compare } from './compare.mjs'

/** Answers that stream: what a byte costs. */
export async function measure(run) {
  const asking = { request: get('/mock/1m'), length: 1_048_576, connections: 16 }
  const names = [...GIBBONS, ...NATIVE, 'bare node:http']
  const text = `GET, 1 MiB of answer, 16 keep-alive connections.\n\n${await compare(run, { names, asking })}`
  return { title: 'Answers of 1 MiB', text }
}
