import { GIBBONS, NATIVE } from '../candidates.mjs'
import { get } from '../load/requests.mjs'
import { compare } from './compare.mjs'

/** Answers that fill a few packets. */
export async function measure(run) {
  const asking = { request: get('/mock/10k'), length: 10_240 }
  const names = [...GIBBONS, ...NATIVE, 'bare node:http']
  const text = `GET, 10 KiB of answer, 64 keep-alive connections.\n\n${await compare(run, { names, asking })}`
  return { title: 'Answers of 10 KiB', text }
}
