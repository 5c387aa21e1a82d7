import gateway from 'fast-gateway'

const [port, target] = process.argv.slice(2).map(Number)
await gateway({ routes: [{ prefix: '/mock', target: `http://127.0.0.1:${target}` }] }).start(
  port,
  '127.0.0.1',
)
process.send?.('ready')
