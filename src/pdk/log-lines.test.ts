import { expect, it } from 'vitest'
import type { LogLevelName, Runtime } from '../ports/runtime.ts'
import { type LogLine, withLogLines } from './log-lines.ts'

function rig(level: LogLevelName = 'notice') {
  const written: string[] = []
  const plain: Runtime = {
    name: 'node',
    now: () => 7,
    random: () => 0.5,
    uuid: () => 'u',
    log: (_, message) => void written.push(message),
    logLevel: { get: () => level, set() {} },
    background() {},
  }
  const heard: LogLine[] = []
  const { runtime, logs } = withLogLines(plain)
  return { written, heard, runtime, stop: logs.listen((line) => heard.push(line)) }
}

it('tells of what is logged, and logs it', () => {
  const { runtime, written, heard } = rig()
  runtime.log('warn', 'Careful', { a: 1 })
  runtime.log('crit', 'Too late')
  expect(written).toEqual(['Careful', 'Too late'])
  expect(heard).toEqual([
    { level: 'warn', message: 'Careful', fields: { a: 1 } },
    { level: 'crit', message: 'Too late', fields: {} },
  ])
  expect(runtime.now()).toBe(7)
})

it('tells of nothing the level keeps back', () => {
  const { runtime, heard } = rig('error')
  runtime.log('warn', 'Careful')
  expect(heard).toEqual([])
})

it('tells nobody who has left', () => {
  const { runtime, heard, stop } = rig()
  stop()
  runtime.log('error', 'Gone')
  expect(heard).toEqual([])
})
