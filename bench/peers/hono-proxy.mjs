import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { proxy } from 'hono/proxy'

const [port, target] = process.argv.slice(2).map(Number)
const app = new Hono()
app.get('/mock/*', (c) =>
  proxy(`http://127.0.0.1:${target}${c.req.path.slice(5)}`, {
    ...c.req,
    headers: { ...c.req.header() },
  }),
)
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => process.send?.('ready'))
