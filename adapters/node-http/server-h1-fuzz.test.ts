import { METHODS } from 'node:http'
import process from 'node:process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NodeReader, type Reading, readByOurs, type Transcript } from './server-h1-fuzz.fixture.ts'
import { anyStream, cutAt } from './server-h1-streams.fixture.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 1500)
const SEED = Number(process.env.FUZZ_SEED ?? 20261121)

const byNode = new NodeReader()

it('reads what Node reads too in the same way, or refuses it', async () => {
  await fc.assert(
    fc.asyncProperty(anyStream, async (text) => {
      const ours = await readByOurs(cutAt(text, []))
      const nodes = await byNode.read(cutAt(text, []))
      const difference = differenceOf({ ours, nodes, text })
      expect(difference, JSON.stringify({ text, ours, nodes })).toBe('')
    }),
    { numRuns: RUNS, seed: SEED },
  )
}, 600_000)

it('reads the same however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(anyStream, fc.array(fc.nat(500), { maxLength: 12 }), async (text, cuts) => {
      const whole = await readByOurs(cutAt(text, []))
      const cut = await readByOurs(cutAt(text, cuts))
      expect(cut).toEqual(whole)
      const single = await readByOurs(Array.from(text, (char) => Buffer.from(char, 'latin1')))
      expect(single).toEqual(whole)
    }),
    { numRuns: Math.ceil(RUNS / 5), seed: SEED },
  )
}, 600_000)

interface Readings {
  readonly text: string
  readonly ours: Transcript
  readonly nodes: Transcript
}

/** In what two servers differ that must not; empty when in nothing. */
function differenceOf({ ours, nodes, text }: Readings): string {
  const common = Math.min(ours.requests.length, nodes.requests.length)
  for (let i = 0; i < common; i++) {
    if (JSON.stringify(ours.requests[i]) !== JSON.stringify(nodes.requests[i]))
      return `request ${i}`
  }
  const more = ours.requests[common]
  if (more !== undefined) return isOursAlone(more, text) ? '' : `only we read request ${common}`
  if (nodes.requests.length > common) return ours.end === 'open' ? 'we wait' : ''
  return ours.end === 'open' && nodes.end === 'closed' ? 'we alone wait' : ''
}

/**
 * What we take and Node refuses. As nginx: methods nobody knows, bytes over 0x7f in a target, schemes
 * of more than letters. And what nobody is handed: extensions that are no tokens, trailers that
 * would frame a message did they stand among its headers.
 */
function isOursAlone({ method, target, trailers }: Reading, text: string): boolean {
  return (
    !METHODS.includes(method) ||
    /[\x80-\xff]|^[a-z]*[^a-z/*][^/]*:\/\//i.test(target) ||
    trailers.some((name) => /^(content-length|transfer-encoding)$/i.test(name)) ||
    /^[0-9a-f]+[ \t]*;/im.test(text)
  )
}
