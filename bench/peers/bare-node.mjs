// The floor of the usual way on Node: node:http in, http.request with a keep-alive Agent out, two targets in turn.
import http from 'node:http'

const [port, ...targets] = process.argv.slice(2).map(Number)
const agent = new http.Agent({ keepAlive: true })
let turn = 0

http
  .createServer((request, response) => {
    const target = targets[turn++ % targets.length]
    const options = {
      agent,
      host: '127.0.0.1',
      port: target,
      path: request.url.slice(5),
      method: request.method,
    }
    const up = http.request(
      { ...options, headers: { ...request.headers, host: `localhost:${target}` } },
      (answer) => {
        response.writeHead(answer.statusCode, answer.rawHeaders)
        answer.pipe(response)
      },
    )
    up.on('error', () => response.writeHead(502).end())
    request.pipe(up)
  })
  .listen(port, '127.0.0.1', () => process.send?.('ready'))
