import { startTarget, type Target } from './target.ts'

/** A target that says what came and its number, with the headers that the query of a path `…/answer?name=value` asks for. */
export async function startAnswering(): Promise<Target> {
  const target = await startTarget('a')
  let number = 0
  target.manner = (request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request
      target.seen.push({ method, url, headers: rawHeaders, body: Buffer.concat(chunks).toString() })
      const { pathname, searchParams } = new URL(url, 'http://target.test')
      const asked = pathname.endsWith('/answer') ? Object.fromEntries(searchParams) : {}
      const body = JSON.stringify({ target: target.name, url, headers })
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-target': target.name,
        'x-number': `${number++}`,
        ...asked,
      })
      response.end(body)
    })
  }
  return target
}
