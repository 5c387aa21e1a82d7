// The requests that are sent, as bytes.

const COMMON =
  'User-Agent: bench\r\nAccept: */*\r\nAccept-Language: en\r\nX-Request-Start: 1\r\nCookie: a=b\r\n' +
  'Cache-Control: no-cache\r\nReferer: http://bench.test/\r\nAuthorization: Bearer x\r\n'

/** A GET with nine headers. */
export function get(path, host = 'bench.test') {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${COMMON}\r\n`
}

/** The same by somebody who shows no credentials: its answer may be kept for others. */
export function openGet(path) {
  return get(path).replace('Authorization: Bearer x', 'X-Authorization: Bearer x')
}

/** A POST of so many bytes. */
export function post(path, length) {
  const head = `POST ${path} HTTP/1.1\r\nHost: bench.test\r\n${COMMON}Content-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`
  return head + 'x'.repeat(length)
}
