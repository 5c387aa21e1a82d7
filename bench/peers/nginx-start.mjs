// Starts Debian's nginx as one process that logs nothing, with a configuration of ours.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runNative } from './native.mjs'

/** Runs it; `http` and `location` go into the blocks of these names, `modules` in front. TLS is 50 ports above. */
export async function startNginx(port, { modules = '', http, location }) {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-bench-nginx-'))
  const conf = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const { BENCH_CERT, BENCH_KEY } = process.env
  const secure =
    BENCH_CERT === undefined
      ? ''
      : `listen 127.0.0.1:${port + 50} ssl http2 backlog=1024;
    ssl_certificate ${BENCH_CERT};
    ssl_certificate_key ${BENCH_KEY};`
  writeFileSync(
    conf,
    `${modules}
daemon off;
master_process off;
error_log stderr crit;
pid ${folder}/pid;
worker_rlimit_nofile 65536;
events { worker_connections 16384; }
http {
  access_log off;
  keepalive_requests 1000000;
  ${temporary.map((name) => `${name}_temp_path ${folder};`).join('\n  ')}
  proxy_max_temp_file_size 0;
  map $http_upgrade $connection_up { default upgrade; '' ''; }
  ${http}
  server {
    listen 127.0.0.1:${port} backlog=1024;
    ${secure}
    location / {
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_up;
      ${location}
    }
  }
}
`,
  )
  await runNative('/usr/sbin/nginx', ['-p', folder, '-c', conf], { port, folder })
}
