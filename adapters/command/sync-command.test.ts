import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Fetch } from '../../src/sync/client.ts'
import { openDeckGate } from '../../test/deck/deck-gate.ts'
import { parseArguments } from './arguments.ts'
import { isSync, syncCommand } from './sync-command.ts'
import type { SyncPorts } from './sync-ports.ts'
import { createProgress } from './sync-progress.ts'

const folder = mkdtempSync(join(tmpdir(), 'gibbon-sync-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const kongText = `_format_version: "3.0"
services:
- name: shop
  host: \${{ env "DECK_HOST" }}
  routes:
  - name: door
    paths: [/shop]
consumers:
- username: mia
  keyauth_credentials:
  - key: \${{ env "DECK_KEY" }}
`
const kongYaml = write('kong.yaml', kongText)

/** Runs commands against one gateway in this process. */
async function terminal(options: { readonly input?: string; readonly fetch?: Fetch } = {}) {
  const { fetch: inProcess } = await openDeckGate()
  const fetch = options.fetch ?? inProcess
  const sent: Record<string, string>[] = []
  return {
    sent,
    async run(line: string) {
      const said = { out: '', err: '' }
      const asked = parseArguments(line.split(' '))
      if ('error' in asked || !isSync(asked.command)) throw new Error(JSON.stringify(asked))
      const ports: SyncPorts = {
        fetch: (url, init) => {
          sent.push({ ...init.headers })
          return fetch(url, init)
        },
        environment: { DECK_HOST: 'shop.internal', DECK_KEY: 'very-secret' },
        out: async (text) => {
          said.out += text
        },
        err: (text) => {
          said.err += text
        },
        isTerminal: false,
        now: () => 0,
        newId: () => crypto.randomUUID(),
        readInput: async () => options.input ?? '',
        writeFile: (file, text) => writeFileSync(file, text, { mode: 0o600 }),
      }
      const code = await syncCommand(asked.command, asked, ports)
      return { code, ...said }
    },
  }
}

describe('gibbon sync', () => {
  it('says each change and counts them, as decK', async () => {
    const { run } = await terminal()
    const { code, out, err } = await run(`sync ${kongYaml}`)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n').slice(0, 3)).toEqual([
      'creating consumer mia',
      'creating service shop',
      expect.stringMatching(/^creating key-auth .* for consumer mia$/),
    ])
    expect(out).toContain('Summary:\n  Created: 4\n  Updated: 0\n  Deleted: 0\n')
    expect((await run(`sync ${kongYaml}`)).out).toBe(
      'Summary:\n  Created: 0\n  Updated: 0\n  Deleted: 0\n',
    )
  })

  it('changes nothing in a dry run', async () => {
    const { run } = await terminal()
    const { code, out } = await run(`sync --dry-run ${kongYaml}`)
    expect({ code, created: out.includes('Created: 4') }).toEqual({ code: 0, created: true })
    expect((await run(`diff --non-zero-exit-code ${kongYaml}`)).code).toBe(2)
  })

  it('reads standard input, and takes what it is told to send along', async () => {
    const { run, sent } = await terminal({ input: '_format_version: "3.0"\n' })
    const { code } = await run('sync - --kong-admin-token t0k --headers x-a:1 --headers x-b:2:3')
    expect(code).toBe(0)
    expect(sent[0]).toEqual({ 'kong-admin-token': 't0k', 'x-a': '1', 'x-b': '2:3' })
  })

  it.each([
    ['sync missing.yaml', 'missing.yaml: there is no such file'],
    ['sync - --headers nope', '--headers "nope": write name:value'],
    ['sync - --kong-addr localhost', '--kong-addr "localhost": write something like'],
    ['sync - --parallelism 0', '--parallelism "0": write a number from 1 to 999'],
    ['sync -', '-: expected members such as services: at its top'],
    [`sync ${kongYaml} --select-tag a,b`, '400'],
  ])('ends %j with 1 and a reason', async (line, reason) => {
    const { run } = await terminal()
    const { code, err } = await run(line)
    expect(code).toBe(1)
    expect(err).toContain(reason)
    expect(err).not.toContain('    at ')
  })

  it('says where a file cannot be read', async () => {
    const { run } = await terminal()
    const { err } = await run(`sync ${write('bad.yaml', 'a: 1\nb: [')}`)
    expect(err).toMatch(/bad\.yaml: .*line 2/)
  })

  it('says that nobody answers', async () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    const fetch: Fetch = () => Promise.reject(new TypeError('fetch failed', { cause: refused }))
    const { run } = await terminal({ fetch })
    const { code, err } = await run(`sync ${kongYaml}`)
    expect(code).toBe(1)
    expect(err).toBe(
      'gibbon: cannot reach http://127.0.0.1:8001: ECONNREFUSED; start a gateway there, or name its Admin API by --kong-addr\n',
    )
  })
})

it('keeps what came out of the environment out of its errors', async () => {
  const { run } = await terminal()
  const host = `\${{ env "DECK_HOST" }}`
  const file = write('masked.yaml', kongText.replace(host, `"\${{ env "DECK_KEY" }} x"`))
  const { code, err } = await run(`sync ${file}`)
  expect({ code, hidden: err.includes('[masked]') }).toEqual({ code: 1, hidden: true })
  expect(err).not.toContain('very-secret')
})

it('does not take other tags than those of the file', async () => {
  const input = '_format_version: "3.0"\n_info: { select_tags: [a] }\n'
  const { run } = await terminal({ input })
  expect((await run('diff - --select-tag a')).code).toBe(0)
  expect((await run('diff - --select-tag b')).err).toBe(
    'gibbon: the files say select_tags a, the command line b; leave one of them out\n',
  )
})

describe('createProgress', () => {
  const told = (isTerminal: boolean, times: readonly number[]) => {
    const lines: string[] = []
    let at = 0
    const now = () => times[Math.min(at++, times.length - 1)] ?? 0
    const progress = createProgress({ isTerminal, err: (text) => lines.push(text), now })
    for (const done of [1, 2, 3]) progress.tell('writing', done, 3)
    progress.end()
    return lines
  }

  it('says nothing of what is quick', () => {
    expect(told(true, [0, 50])).toEqual([])
    expect(told(false, [0, 2_000])).toEqual([])
  })

  it('keeps one line up to date for a person, and takes it away', () => {
    const lines = told(true, [0, 200])
    expect(lines).toEqual(['\r\u001b[Kgibbon: writing 1 of 3', '\r\u001b[K'])
  })

  it('adds a line now and then to a log', () => {
    expect(told(false, [0, 4_000, 5_000, 8_000])).toEqual([
      'gibbon: writing 1 of 3\n',
      'gibbon: writing 3 of 3\n',
    ])
  })
})

describe('gibbon diff', () => {
  it.each([
    ['', 0],
    [' --non-zero-exit-code', 2],
  ])('ends with the code of decK:%s', async (flag, code) => {
    const { run } = await terminal()
    expect((await run(`diff ${kongYaml}${flag}`)).code).toBe(code)
    await run(`sync ${kongYaml}`)
    expect((await run(`diff ${kongYaml}${flag}`)).code).toBe(0)
  })

  it('gives JSON in the shape of decK, without what is secret', async () => {
    const { run } = await terminal()
    const { out, err } = await run(`diff --json-output ${kongYaml}`)
    expect(JSON.parse(out)).toMatchObject({
      changes: {
        creating: [{ name: 'mia', kind: 'consumer' }, {}, {}, {}],
        updating: [],
        deleting: [],
      },
      summary: { creating: 4, updating: 0, deleting: 0, total: 4 },
      warnings: [],
      errors: [],
    })
    expect(out + err).not.toContain('very-secret')
    expect(out + err).not.toContain('shop.internal')
  })

  it('gives its errors in JSON too', async () => {
    const { run } = await terminal()
    const { code, out } = await run('diff --json-output missing.yaml')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ errors: ['missing.yaml: there is no such file'] })
  })
})

describe('gibbon dump', () => {
  it('writes a file that only its owner can read, and that syncs back without a change', async () => {
    const { run } = await terminal()
    await run(`sync ${kongYaml}`)
    const file = join(folder, 'dumped.yaml')
    expect(await run(`dump -o ${file}`)).toEqual({ code: 0, out: '', err: '' })
    expect(readFileSync(file, 'utf8')).toContain('key: very-secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await run(`diff --non-zero-exit-code ${file}`)).code).toBe(0)
  })
})
