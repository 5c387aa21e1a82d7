import { beforeEach, describe, expect, it } from 'vitest'
import type { LogLevelName } from '../../src/ports/runtime.ts'
import { createLog, type Log } from './log.ts'

let now: number
let lines: string[]

const open = (format: 'plain' | 'json' = 'plain'): Log =>
  createLog({
    level: 'notice',
    format,
    write: (line) => lines.push(line),
    now: () => now,
    secrets: ['the-admin-token'],
  })

beforeEach(() => {
  now = 0
  lines = []
})

describe('createLog', () => {
  it('keeps one line a line, whatever it quotes', () => {
    const { log } = open()
    log('notice', 'a\nb', { path: 'c\r\nd' })
    log('info', 'unheard')
    expect(lines).toEqual(['1970-01-01T00:00:00.000Z [notice] a\\nb path=c\\r\\nd\n'])
  })

  it.each(['plain', 'json'] as const)('says no secret as %s', (format) => {
    const { log } = open(format)
    log('error', 'wrong: the-admin-token, key="HIDE"', {
      error: new Error('password=HIDE'),
      row: { secret: 'HIDE', name: 'shown' },
    })
    expect(lines.join()).not.toMatch(/HIDE|the-admin-token/)
    expect(lines.join()).toContain('shown')
  })
})

describe('the level', () => {
  it('changes for a while', () => {
    const { log, level } = open()
    level.set('debug', 60)
    expect(level.get()).toBe('debug')
    log('debug', 'heard')
    now = 59_999
    log('debug', 'heard still')
    now = 60_000
    log('debug', 'unheard')
    expect(level.get()).toBe('notice')
    expect(lines).toHaveLength(2)
  })

  it('changes for good without a timeout', () => {
    const { level } = open()
    level.set('debug', 60)
    level.set('emerg', 0)
    now = 1e15
    expect(level.get()).toBe('emerg')
  })

  it.each<LogLevelName>(['warn', 'crit', 'alert', 'emerg'])(
    'at %s lets the worst through',
    (name) => {
      const { log, level } = open()
      level.set(name, 1)
      log('info', 'unheard')
      log('crit', 'heard')
      expect([level.get(), lines.length]).toEqual([name, 1])
    },
  )
})
