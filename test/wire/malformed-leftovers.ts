import { HEAD, type Message, SMUGGLED } from './malformed-message.ts'

const REQUEST = `${SMUGGLED}y\r\n\r\n`
const LENGTH = `Content-Length: ${REQUEST.length}\r\n`

/** What is left on a connection behind a message, or stands where it should not. */
export const leftoverCases: readonly Message[] = [
  {
    name: 'a request in the body of a GET',
    text: `GET /ID HTTP/1.1\r\n${HEAD}${LENGTH}\r\n${REQUEST}`,
    verdict: 'served',
    body: REQUEST,
  },
  {
    name: 'a request in the body of a HEAD',
    text: `HEAD /ID HTTP/1.1\r\n${HEAD}${LENGTH}\r\n${REQUEST}`,
    verdict: 'served',
    body: REQUEST,
  },
  {
    name: 'a request in the body of an OPTIONS',
    text: `OPTIONS /ID HTTP/1.1\r\n${HEAD}${LENGTH}\r\n${REQUEST}`,
    verdict: 'served',
    body: REQUEST,
  },
  {
    name: 'a request in a body nobody reads',
    text: `POST /ID HTTP/1.1\r\nHost: nobody.test\r\nX-Case: ID\r\n${LENGTH}\r\n${REQUEST}`,
    verdict: 'own',
  },
  {
    name: 'a request in a chunked body nobody reads',
    text: `POST /ID HTTP/1.1\r\nHost: nobody.test\r\nX-Case: ID\r\nTransfer-Encoding: chunked\r\n\r\n${REQUEST.length.toString(16)}\r\n${REQUEST}\r\n0\r\n\r\n`,
    verdict: 'own',
  },
  {
    name: 'a request in the body of a path that is refused',
    text: `POST /%zz-ID HTTP/1.1\r\n${HEAD}${LENGTH}\r\n${REQUEST}`,
    verdict: 'own',
  },
  {
    name: 'a request in the body of a TRACE',
    text: `TRACE /ID HTTP/1.1\r\n${HEAD}${LENGTH}\r\n${REQUEST}`,
    verdict: 'own',
  },
  {
    name: 'a request behind a CONNECT',
    text: `CONNECT echo.test:80 HTTP/1.1\r\n${HEAD}\r\n${REQUEST}`,
    verdict: 'own',
  },
  {
    name: 'a body that waits for 100 and does not',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Expect: 100-continue\r\n${LENGTH}\r\n${REQUEST}`,
    verdict: 'served',
    body: REQUEST,
  },
  {
    name: 'a body behind an expectation nobody knows',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Expect: 200-ok\r\n${LENGTH}\r\n${REQUEST}`,
    verdict: 'own',
  },
  {
    name: 'two expectations',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Expect: 100-continue, x\r\n${LENGTH}\r\n${REQUEST}`,
    verdict: 'any',
  },
  {
    name: 'a request behind one that closes',
    text: `GET /ID HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n${REQUEST.replaceAll('smuggled', 'after')}`,
    verdict: 'alone',
  },
  {
    name: 'a request behind one of HTTP/1.0',
    text: `GET /ID HTTP/1.0\r\n${HEAD}\r\n${REQUEST.replaceAll('smuggled', 'after')}`,
    verdict: 'alone',
  },
  {
    name: 'a body behind a handshake',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\n${LENGTH}\r\n${REQUEST}`,
    verdict: 'refused',
  },
  {
    name: 'a body behind a GET handshake',
    text: `GET /ID HTTP/1.1\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\n${LENGTH}\r\n${REQUEST}`,
    verdict: 'refused',
  },
  {
    name: 'a body behind an upgrade to h2c',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n${LENGTH}\r\n${REQUEST}`,
    verdict: 'alone',
    body: REQUEST,
  },
  {
    name: 'an upgrade without Connection',
    text: `GET /ID HTTP/1.1\r\n${HEAD}Upgrade: h2c\r\n\r\n`,
    verdict: 'served',
  },
  {
    name: 'a handshake of HTTP/1.0',
    text: `GET /ID HTTP/1.0\r\n${HEAD}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    verdict: 'alone',
  },
  {
    name: 'the preface of HTTP/2',
    text: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    verdict: 'refused',
  },
  {
    name: 'nonsense behind a good request',
    text: `GET /ID HTTP/1.1\r\n${HEAD}\r\n\x00\x01\x02\r\n\r\n`,
    verdict: 'alone',
  },
  {
    name: 'nonsense behind a good body',
    text: `POST /ID HTTP/1.1\r\n${HEAD}Content-Length: 5\r\n\r\nhello!!\r\n\r\n`,
    verdict: 'alone',
    body: 'hello',
  },
  {
    name: 'a bad request behind a good one',
    text: `GET /ID HTTP/1.1\r\n${HEAD}\r\nGET /after-ID HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
    verdict: 'alone',
  },
  {
    name: 'a bad framing behind a good request',
    text: `GET /ID HTTP/1.1\r\n${HEAD}\r\nPOST /after-ID HTTP/1.1\r\n${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    verdict: 'alone',
  },
]
