import { describe, expect, it } from 'vitest'
import { redisFrom } from './redis-from.ts'

describe("a client over the user's own", () => {
  it('sends words as texts and bytes', async () => {
    const sent: unknown[] = []
    const redis = redisFrom(async (words) => sent.push(words))
    await redis.command('SET', 'a', 1, Uint8Array.of(1))
    expect(sent).toEqual([['SET', 'a', '1', Uint8Array.of(1)]])
  })

  it.each([
    { value: undefined, reply: null },
    { value: [1, null, ['a', true]], reply: [1, null, ['a', true]] },
    { value: new Map([['a', 1]]), reply: { map: [['a', 1]] } },
    { value: { a: new Set([2n]) }, reply: { map: [['a', [2n]]] } },
    { value: [new Error('ERR no')], reply: [{ error: 'ERR no' }] },
    { value: Uint8Array.of(1), reply: Uint8Array.of(1) },
  ])('gives $value as $reply', async ({ value, reply }) => {
    expect(await redisFrom(async () => value).command('X')).toEqual(reply)
  })

  it('tells refusals from failures', async () => {
    const redis = redisFrom(async ([name]) => {
      if (name === 'BAD') throw new Error('WRONGTYPE Operation against')
      if (name === 'GONE') throw Object.assign(new Error('Connection lost'), { code: 'ECONNRESET' })
      return name
    })
    await expect(redis.command('BAD')).rejects.toMatchObject({ code: 'WRONGTYPE', refused: true })
    await expect(redis.command('GONE')).rejects.toMatchObject({
      code: 'ECONNRESET',
      refused: false,
    })
    expect(await redis.pipeline([['A'], ['BAD']])).toEqual([
      'A',
      { error: 'WRONGTYPE Operation against' },
    ])
    await expect(redis.pipeline([['A'], ['GONE']])).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('runs a script by its digest first', async () => {
    const sent: unknown[] = []
    const redis = redisFrom(async ([name]) => {
      sent.push(name)
      if (name === 'EVALSHA') throw new Error('NOSCRIPT No matching script. Use EVAL.')
      return 1
    })
    expect(await redis.eval('return 1', [])).toBe(1)
    expect(sent).toEqual(['EVALSHA', 'EVAL'])
  })
})
