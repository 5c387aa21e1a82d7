// The steadiest base: plain nginx, one upstream of two servers, the usual forwarding headers.
import { startNginx } from './nginx-start.mjs'

const [port, ...targets] = process.argv.slice(2).map(Number)

await startNginx(port, {
  http: `upstream bench {
    ${targets.map((target) => `server 127.0.0.1:${target};`).join(' ')}
    keepalive 64; keepalive_requests 1000000;
  }`,
  location: `
      rewrite ^/mock(/.*)$ $1 break;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Forwarded-Path $uri;
      proxy_set_header X-Forwarded-Prefix /mock;
      proxy_set_header X-Request-Id $request_id;
      add_header Via '1.1 bench';
      add_header X-Request-Id $request_id;
      proxy_pass http://bench;`,
})
