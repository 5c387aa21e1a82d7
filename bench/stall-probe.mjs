// Loaded into the measured process: on SIGUSR2 writes how long its event loop was held up at most since the last time.
import { renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const file = process.env.BENCH_STALL_FILE
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()

process.on('SIGUSR2', () => {
  const most = delay.max / 1e6
  // Whole or not at all for who waits for it.
  writeFileSync(`${file}.new`, JSON.stringify({ most }))
  renameSync(`${file}.new`, file)
  setTimeout(() => delay.reset(), 10)
})
