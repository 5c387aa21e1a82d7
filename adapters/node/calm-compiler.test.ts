import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { calmCompiler } from './calm-compiler.ts'

const CALM = '--interrupt-budget=1000000'
const USUAL = '--interrupt-budget=67584'

describe('the compiler while a configuration is read', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const told = (version: string) => {
    const flags: string[] = []
    const asUsual = calmCompiler({ version, setFlags: (flag) => flags.push(flag), longest: 500 })
    return { flags, asUsual }
  }

  it('waits longer until the reading is over', () => {
    const { flags, asUsual } = told('11.3.244.8-node.38')
    expect(flags).toEqual([CALM])
    asUsual()
    vi.advanceTimersByTime(1000)
    expect(flags).toEqual([CALM, USUAL])
  })

  it('waits as usual when the reading takes long', () => {
    const { flags, asUsual } = told('11.3.244.8-node.38')
    vi.advanceTimersByTime(500)
    expect(flags).toEqual([CALM, USUAL])
    asUsual()
    expect(flags).toEqual([CALM, USUAL])
  })

  it('is left alone where it counts otherwise', () => {
    const { flags, asUsual } = told('13.6.233.17-node.54')
    asUsual()
    expect(flags).toEqual([])
  })
})
