// Compiles the sources into dist/ when they are newer than it; Node 20 cannot run TypeScript as it stands.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname

/** Builds if needed; ends the process with a message when it cannot. */
export function build() {
  const mark = join(root, 'dist', 'adapters', 'node', 'main.js')
  const built = existsSync(mark) ? statSync(mark).mtimeMs : 0
  if (built > Math.max(...['src', 'adapters', 'tsconfig.build.json'].map(newest))) return

  const compiler = join(root, 'node_modules', '.bin', 'tsc')
  if (!existsSync(compiler)) {
    process.stderr.write('gibbon: run `npm install` first\n')
    process.exit(1)
  }
  process.stderr.write('gibbon: building…\n')
  const { status } = spawnSync(compiler, ['-p', 'tsconfig.build.json', '--noCheck'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}

/** When the newest file below a path of this project was last written, in ms since 1970. */
export function newest(path) {
  const full = join(root, path)
  const stat = statSync(full)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(full).map((name) => newest(join(path, name))))
}
