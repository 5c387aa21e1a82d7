#!/usr/bin/env node
// `npm run start:workers`: the Worker on a workerd of this machine. Takes the flags and variables of `gibbon start`
// that matter there: `npm run start:workers -- kong.yaml --proxy-listen 0.0.0.0:8000 --data-dir ./gibbon-data`.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildStartCheck, buildWorker } from './build-worker.mjs'
import { findWorkerd, workerdConfig } from './workerd-config.mjs'

const HELP = `npm run start:workers -- [kong.yaml] [--SETTING VALUE …]

Serves the Worker on a workerd of this machine; with a kong.yaml it serves that, and only that.

  npm run start:workers
  npm run start:workers -- kong.yaml
  npm run start:workers -- --proxy-listen 0.0.0.0:8000 --admin-listen 127.0.0.1:8001

docs/settings.md lists the settings, each a flag (--proxy-listen) and a variable (KONG_PROXY_LISTEN);
docs/runtimes.md tells what Workers cannot do.
`

const root = fileURLToPath(new URL('..', import.meta.url))
if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
  process.stdout.write(HELP)
  process.exit(0)
}
const flags = []
const bindings = readWords(process.argv.slice(2), bindingsOf(process.env))
const proxy = addressOf('proxy_listen', '127.0.0.1:8000')
const admin = addressOf('admin_listen', '127.0.0.1:8001')
const { startErrors } = await import(pathToFileURL(await buildStartCheck()).href)
const listens = { KONG_PROXY_LISTEN: proxy, KONG_ADMIN_LISTEN: admin }
const [wrong] = startErrors({ ...bindings, ...listens }, flags)
if (wrong !== undefined) fail(wrong)
await checkFree('proxy_listen', proxy)
await checkFree('admin_listen', admin)
const workerd = findWorkerd() ?? installed() ?? fail('cannot install workerd; see the lines above')
const state = resolve(setting('data_dir') ?? 'gibbon-data', 'workers')
mkdirSync(state, { recursive: true })
const config = join(dirname(await buildWorker()), `config-${admin.replace(/\W+/g, '-')}.capnp`)
writeFileSync(
  config,
  workerdConfig({
    proxy,
    admin,
    state,
    bindings: { ...bindings, ...listens },
  }),
)

const child = spawn(workerd, ['serve', config], { stdio: ['ignore', 'inherit', 'inherit'] })
child.on('error', (error) => fail(`cannot start workerd: ${error.message}`))
let stopping = false
const patience = Number(setting('shutdown_timeout') ?? 10) || 0
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    if (stopping) child.kill('SIGKILL')
    stopping = true
    child.kill(signal)
    // It would wait for an open WebSocket for ever.
    setTimeout(() => child.kill('SIGKILL'), patience * 1000).unref()
  })
}
child.on('exit', (code) => process.exit(stopping ? 0 : (code ?? 1)))
await announce()

/** Fetches workerd the first time; it lives with the runtimes of the tests. */
function installed() {
  spawnSync(process.execPath, ['test/runtimes/install.mjs'], { cwd: root, stdio: 'inherit' })
  return findWorkerd()
}

/** Texts the Worker is to know: every setting of the environment. */
function bindingsOf(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => /^(KONG|GIBBON)_/.test(name)),
  )
}

/** Adds `--name value`, `--name=value` and a kong.yaml, which goes along as a text. */
function readWords(words, texts) {
  const read = { ...texts }
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.startsWith('--')) {
      const [flag, inline] = word.slice(2).split(/=(.*)/s)
      const value = inline ?? rest.shift()
      if (value === undefined) fail(`--${flag} needs a value`)
      flags.push(flag)
      read[`GIBBON_${flag.replaceAll('-', '_').toUpperCase()}`] = value
    } else read.KONG_DECLARATIVE_CONFIG_STRING = textOf(word)
  }
  return read
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return fail(`cannot read ${file}: ${error.message}`)
  }
}

function setting(name) {
  return bindings[`GIBBON_${name.toUpperCase()}`] ?? bindings[`KONG_${name.toUpperCase()}`]
}

/** The first address of a listen list: workerd is given one socket each, without TLS. */
function addressOf(name, fallback) {
  const first = (setting(name) ?? fallback).split(',')[0]?.trim() ?? ''
  const [address = '', ...options] = first.split(/\s+/)
  if (!/^\S+:\d+$/.test(address))
    fail(`${name}: cannot read "${first}", write address:port such as ${fallback}`)
  if (options.includes('ssl'))
    fail(`${name}: ssl is not supported on Workers, where the platform speaks TLS`)
  return address
}

/** Whether somebody else listens there already: he would answer for us below. */
async function checkFree(name, address) {
  const at = address.lastIndexOf(':')
  const host = address.slice(0, at).replace(/^\[|\]$/g, '')
  const probe = createServer()
  await new Promise((done) => {
    probe.once('error', ({ code }) => {
      const reason = code === 'EADDRINUSE' ? 'the port is in use' : code
      fail(`cannot listen on ${address}: ${reason}; choose another with ${name}`)
    })
    probe.listen({ port: Number(address.slice(at + 1)), ...(host === '*' ? {} : { host }) }, done)
  })
  await new Promise((done) => probe.close(done))
}

/** Says where everything is, once it answers. */
async function announce() {
  const status = `http://${local(admin)}/status`
  while (
    !(await fetch(status).then(
      // 401: it serves whoever has its token.
      (answer) => answer.ok || answer.status === 401,
      () => false,
    ))
  ) {
    await new Promise((done) => setTimeout(done, 50))
  }
  process.stderr.write(`
  gibbon on workerd

    proxy      http://${local(proxy)}
    admin API  http://${local(admin)}
    manager    http://${local(admin)}/manager
    kept in    ${state}

`)
}

function local(address) {
  return address.replace(/^(0\.0\.0\.0|\[::\]|\*):/, 'localhost:')
}

function fail(text) {
  process.stderr.write(`gibbon: ${text}\n`)
  process.exit(1)
}
