import { describe, expect, it } from 'vitest'
import { probeTcp } from './tcp-probe.ts'

const address = { host: 'a', port: 1, timeout: 20 }
const never = new Promise<unknown>(() => {})

describe('a TCP probe', () => {
  it.each([
    { name: 'opens', opened: () => Promise.resolve({}), code: undefined },
    { name: 'is refused', opened: () => Promise.reject(new Error('no')), code: 'ECONNREFUSED' },
    { name: 'hangs', opened: () => never, code: 'ETIMEDOUT' },
  ])('that $name says $code', async ({ opened, code }) => {
    const connect = () => ({ opened: opened(), close: () => Promise.reject(new Error('closed')) })
    expect((await probeTcp(connect, address))?.code).toBe(code)
  })
})
