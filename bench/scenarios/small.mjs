import { get } from '../load/requests.mjs'
import { compare } from './compare.mjs'

/** The scenario all goals are set in: what a request costs when nothing else does. */
export async function measure(run) {
  const asking = { request: get('/mock/anything?n=1'), length: 140 }
  const text = `GET, 140 bytes of JSON, 64 keep-alive connections, one route, two targets.\n\n${await compare(run, { asking })}`
  return { title: 'Small answers', text }
}
