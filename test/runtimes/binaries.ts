import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const ARM = process.arch === 'arm64'
const LIBC = process.platform === 'linux' ? '-glibc' : ''

/** Where npm's packages keep each. */
const BINARIES = {
  bun: `@oven/bun-${process.platform}-${ARM ? 'aarch64' : 'x64'}/bin/bun`,
  deno: `@deno/${process.platform}-${ARM ? 'arm64' : 'x64'}${LIBC}/deno`,
} as const

/** The runtime that `test/runtimes/install.mjs` has put there. */
export function binaryOf(runtime: keyof typeof BINARIES): string {
  const path = join(ROOT, 'test', 'runtimes', 'node_modules', BINARIES[runtime])
  if (existsSync(path)) return path
  throw new Error(`Cannot find ${path}; run \`node test/runtimes/install.mjs\``)
}
