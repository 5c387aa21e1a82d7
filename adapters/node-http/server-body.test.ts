import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { Upload } from './server-body.ts'
import { BodyReader } from './server-h1-body.ts'
import { createTimerWheel } from './timer-wheel.ts'

const LONG = 200 * 1024

/** An upload of a known length, the line it comes by and its clock. */
function upload(length = LONG) {
  let now = 0
  const wheel = createTimerWheel(() => now)
  const line = {
    paused: false,
    pauseBody() {
      line.paused = true
    },
    resumeBody() {
      line.paused = false
    },
  }
  const reader = new BodyReader(length, line)
  const body = new Upload(reader, { length, maxBody: Infinity, wheel, idleTimeout: 1000 })
  /** Lets the time pass in steps no turn passes over. */
  const pass = (milliseconds: number) => {
    for (const end = now + milliseconds; now < end; ) {
      now += 50
      wheel.turn()
    }
  }
  return { body, reader, line, wheel, pass }
}

describe('an upload', () => {
  it('that is all there is not late, however slowly it is read', async () => {
    const { body, reader, wheel, pass } = upload()
    const read = body.stream()[Symbol.asyncIterator]()
    reader.push(Buffer.alloc(LONG / 2))
    reader.push(Buffer.alloc(LONG / 2))
    await read.next()
    await read.next()
    pass(3000)
    expect(body.fault).toBe(0)
    expect(wheel.waiting).toBe(0)
  })

  it.each(['return', 'next'] as const)(
    'that is dropped is dropped to its end, though its reader still calls %s',
    async (call) => {
      const { body, reader, line, pass } = upload(10 * LONG)
      const read = body.stream()[Symbol.asyncIterator]()
      reader.push(Buffer.alloc(LONG))
      let settled = 0
      body.drop({ bytes: 100 * LONG, milliseconds: 500 }, () => settled++)
      await read[call]?.()
      expect(line.paused).toBe(false)
      pass(800)
      expect(settled).toBe(1)
    },
  )

  it.each(['drop', 'release'] as const)('after %s is not whole for its reader', async (how) => {
    const { body, reader } = upload()
    const read = body.stream()[Symbol.asyncIterator]()
    reader.push(Buffer.alloc(LONG / 2))
    await read.next()
    const next = read.next()
    if (how === 'drop') body.drop({ bytes: LONG, milliseconds: 500 }, () => {})
    else body.release()
    await expect(next).rejects.toThrow('ABANDONED')
  })

  it('in tiny pieces that nobody reads is held back soon', () => {
    const { reader, line } = upload()
    let count = 0
    while (!line.paused) {
      reader.push(Buffer.alloc(1))
      count++
    }
    expect(count).toBeLessThan(2000)
  })
})
