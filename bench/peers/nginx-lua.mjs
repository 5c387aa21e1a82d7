// The yardstick: Debian's nginx with its Lua module doing a gateway's work (route, strip, choose a peer, headers),
// one process. Skipped where there is none: `apt-get install nginx libnginx-mod-http-lua`.
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [port, ...targets] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'gibbon-bench-nginx-'))
const conf = join(folder, 'nginx.conf')

writeFileSync(
  conf,
  `load_module /usr/lib/nginx/modules/ndk_http_module.so;
load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;
daemon off;
master_process off;
error_log stderr crit;
pid ${folder}/pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000;
  lua_load_resty_core off;
  client_body_temp_path ${folder};
  proxy_temp_path ${folder};
  fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder};
  scgi_temp_path ${folder};
  init_by_lua_block {
    turn = 0
    peers = { ${targets.join(', ')} }
  }
  ${targets.map((target) => `upstream peer_${target} { server 127.0.0.1:${target}; keepalive 64; keepalive_requests 1000000; }`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      set $peer '';
      set $up '';
      rewrite_by_lua_block {
        local uri = ngx.var.uri
        if uri:sub(1, 5) ~= '/mock' then return ngx.exit(404) end
        local rest = uri:sub(6)
        ngx.var.up = rest == '' and '/' or rest
      }
      access_by_lua_block {
        turn = turn + 1
        ngx.var.peer = 'peer_' .. peers[turn % #peers + 1]
        local set = ngx.req.set_header
        local address = ngx.var.remote_addr
        set('X-Forwarded-For', address)
        set('X-Real-IP', address)
        set('X-Forwarded-Proto', ngx.var.scheme)
        set('X-Forwarded-Host', ngx.var.host)
        set('X-Forwarded-Port', ngx.var.server_port)
        set('X-Forwarded-Path', ngx.var.uri)
        set('X-Forwarded-Prefix', '/mock')
        set('X-Kong-Request-Id', ngx.var.request_id)
      }
      header_filter_by_lua_block {
        ngx.header['Via'] = '1.1 bench'
        ngx.header['X-Kong-Upstream-Latency'] = '0'
        ngx.header['X-Kong-Proxy-Latency'] = '0'
        ngx.header['X-Kong-Request-Id'] = ngx.var.request_id
      }
      log_by_lua_block { local status = ngx.status }
      proxy_http_version 1.1;
      proxy_set_header Connection '';
      proxy_pass http://$peer$up$is_args$args;
    }
  }
}
`,
)

const nginx = spawn('/usr/sbin/nginx', ['-p', folder, '-c', conf], { stdio: 'inherit' })
nginx.once('exit', (code) => process.exit(code ?? 1))
process.once('SIGTERM', () => nginx.kill('SIGKILL'))
const answers = async () =>
  (await fetch(`http://127.0.0.1:${port}/mock`).catch(() => undefined))?.status === 200
while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 50))
process.send?.({ pid: nginx.pid })
