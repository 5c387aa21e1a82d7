import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A server on a port of this machine that keeps things, as far as ACME's storages ask it to. */
export interface FakeServer {
  readonly port: number
  /** What was asked so far: method and path, decoded. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

interface Question {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

interface Answer {
  readonly status: number
  readonly value?: unknown
}

async function openServer(answering: (question: Question) => Answer): Promise<FakeServer> {
  const asked: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://fake.test')
      const method = request.method ?? ''
      asked.push(`${method} ${decodeURIComponent(url.pathname)}${url.search}`)
      const { status, value } = answering({ method, url, headers: request.headers, body })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(value === undefined ? '' : JSON.stringify(value))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Cannot find the port')
  return {
    port: address.port,
    asked,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** A Consul: keys with flags and an index, compared and set. */
export function openConsul({ token }: { readonly token: string }): Promise<FakeServer> {
  const kept = new Map<string, { value: string; flags: number; index: number }>()
  let index = 0
  const put = (key: string, { url, body }: Question): Answer => {
    const cas = url.searchParams.get('cas')
    const there = kept.get(key)?.index ?? 0
    if (cas !== null && Number(cas) !== there) return { status: 200, value: false }
    kept.set(key, { value: body, flags: Number(url.searchParams.get('flags')), index: ++index })
    return { status: 200, value: true }
  }
  const get = (key: string): Answer => {
    const found = kept.get(key)
    if (found === undefined) return { status: 404 }
    const Value = Buffer.from(found.value).toString('base64')
    return {
      status: 200,
      value: [{ Key: key, Value, Flags: found.flags, ModifyIndex: found.index }],
    }
  }
  return openServer((question) => {
    const { method, url, headers } = question
    if (headers['x-consul-token'] !== token) return { status: 403, value: 'Permission denied' }
    const key = decodeURIComponent(url.pathname.slice('/v1/kv/'.length))
    if (url.searchParams.has('keys')) {
      const keys = [...kept.keys()].filter((one) => one.startsWith(key))
      return keys.length === 0 ? { status: 404 } : { status: 200, value: keys }
    }
    if (method === 'GET') return get(key)
    if (method === 'PUT') return put(key, question)
    const cas = url.searchParams.get('cas')
    const same = cas === null || Number(cas) === kept.get(key)?.index
    return { status: 200, value: same && (kept.delete(key) || true) }
  })
}

interface Secret {
  version: number
  data: unknown
  endsAt: number
  lives: number
}

/** A Vault with key-value stores of version 2, and logins for pods. */
export async function openVault(options: {
  readonly now: () => number
  /** Tokens it takes; a login adds one. */
  readonly tokens: Set<string>
  /** What a pod shows. */
  readonly jwt?: string
}): Promise<FakeServer> {
  const kept = new Map<string, Secret>()
  const dead = { version: 0, data: undefined, endsAt: 0, lives: Number.POSITIVE_INFINITY }
  const login = ({ body }: Question): Answer => {
    const { jwt, role } = JSON.parse(body)
    if (jwt !== options.jwt || role !== 'gateway') return { status: 400 }
    const token = `pod-${options.tokens.size}`
    options.tokens.add(token)
    return { status: 200, value: { auth: { client_token: token, lease_duration: 100 } } }
  }
  const read = ({ data, version, endsAt }: Secret): Answer => {
    const gone = data === undefined || endsAt <= options.now()
    const metadata = { version }
    return gone
      ? version === 0
        ? { status: 404, value: { errors: [] } }
        : { status: 404, value: { data: { data: null, metadata } } }
      : { status: 200, value: { data: { data, metadata } } }
  }
  const write = (name: string, { body }: Question): Answer => {
    const { data, options: how } = JSON.parse(body)
    const before = kept.get(name) ?? dead
    if (how?.cas !== undefined && how.cas !== before.version)
      return { status: 400, value: { errors: ['check-and-set parameter did not match'] } }
    const version = before.version + 1
    kept.set(name, { ...before, version, data, endsAt: options.now() + before.lives })
    return { status: 200, value: { data: { version } } }
  }
  const metadata = (name: string, { method, body }: Question): Answer => {
    if (method === 'DELETE') kept.delete(name)
    else {
      const lives = Number(/^(\d+)ms$/.exec(JSON.parse(body).delete_version_after)?.[1])
      kept.set(name, { ...(kept.get(name) ?? dead), lives })
    }
    return { status: 204 }
  }
  return openServer((question) => {
    const { method, url, headers } = question
    if (url.pathname === '/v1/auth/kubernetes/login') return login(question)
    if (!options.tokens.has(String(headers['x-vault-token']))) return { status: 403 }
    const [, mount, kind, path = ''] =
      /^\/v1\/([^/]+)\/(data|metadata)\/(.*)$/.exec(url.pathname) ?? []
    const name = `${mount}/${decodeURIComponent(path)}`
    if (url.searchParams.get('list') === 'true') {
      const keys = [...kept.keys()].filter((key) => key.startsWith(name))
      const data = { keys: keys.map((key) => key.slice(name.length)) }
      return keys.length === 0 ? { status: 404 } : { status: 200, value: { data } }
    }
    if (kind === 'metadata') return metadata(name, question)
    return method === 'GET' ? read(kept.get(name) ?? dead) : write(name, question)
  })
}
