#!/usr/bin/env node
// Two small servers that stand for the guide's public hosts: they answer like httpbin's /, /headers, /anything,
// /status/N, /delay/N and /stream/N. `npm run demo:targets -- 9001 9002` chooses other ports.
import { createServer } from 'node:http'

const ports = process.argv.slice(2).map(Number)
if (ports.length === 0) ports.push(9001, 9002)

for (const port of ports) {
  const server = createServer((request, response) => {
    answer(request, response, port).catch(() => response.destroy())
  })
  server.on('error', (error) => {
    process.stderr.write(`demo target: cannot listen on ${port}: ${error.message}\n`)
    process.exitCode = 1
  })
  server.listen(port, '127.0.0.1', () => {
    process.stdout.write(`demo target on http://localhost:${port}\n`)
  })
}

async function answer(request, response, port) {
  const url = new URL(request.url, 'http://demo')
  const [, first, second] = url.pathname.split('/')
  const number = Math.min(Number(second) || 0, 1000)
  response.setHeader('X-Demo-Target', String(port))

  if (first === '')
    return json(response, 200, {
      target: port,
      try: ['/headers', '/anything', '/status/N', '/delay/N', '/stream/N'],
    })
  if (first === 'headers') return json(response, 200, { headers: request.headers })
  if (first === 'status')
    return json(response, number >= 200 && number <= 599 ? number : 400, { status: number })
  if (first === 'anything') return json(response, 200, await everything(request, url))
  if (first === 'delay') {
    await new Promise((resolve) => setTimeout(resolve, Math.min(number, 10) * 1000))
    return json(response, 200, await everything(request, url))
  }
  if (first === 'stream') return lines(request, response, url, number)
  return json(response, 404, { error: `nothing at ${url.pathname}` })
}

async function everything(request, url) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return {
    method: request.method,
    url: request.url,
    args: Object.fromEntries(url.searchParams),
    headers: request.headers,
    data: Buffer.concat(chunks).toString('utf8'),
  }
}

async function lines(request, response, url, count) {
  response.setHeader('Content-Type', 'application/json')
  for (let id = 0; id < Math.min(count, 100); id++) {
    response.write(`${JSON.stringify({ id, url: url.pathname, headers: request.headers })}\n`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  response.end()
}

function json(response, status, value) {
  const body = `${JSON.stringify(value, null, 2)}\n`
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}
