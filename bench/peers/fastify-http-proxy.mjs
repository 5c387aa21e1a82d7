import proxy from '@fastify/http-proxy'
import Fastify from 'fastify'

const [port, target] = process.argv.slice(2).map(Number)
const app = Fastify()
app.register(proxy, { upstream: `http://127.0.0.1:${target}`, prefix: '/mock' })
await app.listen({ port, host: '127.0.0.1' })
process.send?.('ready')
