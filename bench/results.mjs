// bench/results.md: a section a scenario; what other benches or earlier runs wrote stands.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { here } from './processes.mjs'

const FILE = here('results.md')

const INTRODUCTION = `# Measured by \`npm run bench\`

One section a scenario; \`npm run bench -- --only small\` measures one anew. CPU is user and system time of the proxy's
whole process tree. Candidates take turns within each round; ratios are medians of the rounds' own ratios. A request that
was not answered 200 with its whole body, at all or in time, counts as failed. The loader, the targets and the proxy share
the machine, so requests/s and latencies say less than CPU. Believe no difference under 10 %. The npm peers do less: no
health, no retries, most know one target. "Gibbon" without a runtime is Gibbon on Node.
`

/** Puts a scenario's section where its last one was, or before the first that no scenario wrote. */
export function writeResults(name, section, { rounds, ms }) {
  const model = cpus()[0]?.model.trim()
  const machine = `${cpus().length} x ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`
  const made = `${rounds} rounds of ${ms / 1000} s; ${machine}; load average then ${loadavg()[0].toFixed(1)}`
  const dated = `${section.trimEnd()}\n\n<sub>${new Date().toISOString().slice(0, 10)}: ${made}</sub>\n`

  const known = existsSync(FILE) ? readFileSync(FILE, 'utf8') : ''
  const sections = known.split(/^(?=## )/m).filter((text) => text.startsWith('## '))
  const at = sections.findIndex((text) => text.split('\n')[0].endsWith(`(\`${name}\`)`))
  const foreign = sections.findIndex((text) => !/\(`\w+`\)/.test(text.split('\n')[0]))
  if (at >= 0) sections[at] = dated
  else sections.splice(foreign < 0 ? sections.length : foreign, 0, dated)
  writeFileSync(FILE, [INTRODUCTION, ...sections.map((text) => `${text.trimEnd()}\n`)].join('\n'))
}
