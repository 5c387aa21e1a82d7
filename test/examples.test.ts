import { expect, it } from 'vitest'
import { embed } from '../examples/embed.ts'
import { startTarget } from './blackbox/target.ts'

it('examples/embed.ts balances inside a program', async () => {
  const [a, b] = await Promise.all([startTarget('a'), startTarget('b')])
  const gateway = await embed([`127.0.0.1:${a.port}`, `127.0.0.1:${b.port}`])
  const names: (string | null)[] = []
  for (let turn = 0; turn < 2; turn++) {
    const answer = await gateway.proxy(new Request('http://gateway/mock/x'))
    names.push(answer.headers.get('x-target'))
  }
  expect(names.sort()).toEqual(['a', 'b'])
  await Promise.all([gateway.close(), a.close(), b.close()])
})
