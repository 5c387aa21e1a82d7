import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLoggerSyslog } from './syslog.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gibbon-syslog-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What `logger` would be given, kept in a file. */
const keeping = (file: string): readonly [string, ...string[]] => [
  process.execPath,
  '-e',
  `process.stdin.pipe(require('fs').createWriteStream(${JSON.stringify(file)}))`,
]

it('hands lines over with their priority, none as two, and waits for the last', async () => {
  const file = join(folder, 'lines')
  const syslog = createLoggerSyslog({ command: keeping(file) })
  await syslog.write(14, '{"a":1}')
  await syslog.write(11, 'one\n<0>two\0')
  await syslog.close()
  expect(readFileSync(file, 'utf8')).toBe('<14>{"a":1}\n<11>one <0>two \n')
  await expect(syslog.write(14, 'x')).rejects.toThrow('closed')
})

it('starts a program that ended anew, after a rest', async () => {
  const clock = { time: 0 }
  const command = [process.execPath, '-e', 'process.stdin.once("data", () => process.exit(0))']
  const [program = '', ...words] = command
  const syslog = createLoggerSyslog({ command: [program, ...words], now: () => clock.time })
  let failed = false
  while (!failed) {
    await syslog.write(14, 'a').catch(() => {
      failed = true
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await expect(syslog.write(14, 'b')).rejects.toThrow('Cannot run')
  clock.time = 1000
  await syslog.write(14, 'c')
  await syslog.close()
})

it('rejects when there is no such program', async () => {
  const syslog = createLoggerSyslog({ command: [join(folder, 'none')] })
  await expect(syslog.write(14, 'a')).rejects.toThrow()
  await expect(syslog.write(14, 'b')).rejects.toThrow('Cannot run')
  await syslog.close()
  const hasty = createLoggerSyslog({ command: [join(folder, 'none')] })
  const refused = expect(hasty.write(14, 'a')).rejects.toThrow()
  await hasty.close()
  await refused
})

it('keeps no more than it may', async () => {
  const command = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const
  const [program, ...words] = command
  const syslog = createLoggerSyslog({ command: [program, ...words], maxWaiting: 100_000 })
  const line = 'x'.repeat(40_000)
  let refused: unknown
  for (let i = 0; i < 20 && refused === undefined; i++) {
    // What is not taken over is rejected at the end.
    syslog.write(14, line).catch((error: unknown) => {
      refused ??= error
    })
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(String(refused)).toContain('Too much')
  await syslog.close()
})
