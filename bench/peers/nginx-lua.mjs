// The yardstick: Debian's nginx with its Lua module doing a gateway's work (route, strip, choose a peer, headers),
// one process. Skipped where there is none: `apt-get install nginx libnginx-mod-http-lua`.
import { startNginx } from './nginx-start.mjs'

const [port, ...targets] = process.argv.slice(2).map(Number)

const upstreams = targets.map(
  (target) =>
    `upstream peer_${target} { server 127.0.0.1:${target}; keepalive 64; keepalive_requests 1000000; }`,
)

await startNginx(port, {
  modules: `load_module /usr/lib/nginx/modules/ndk_http_module.so;
load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;`,
  http: `lua_load_resty_core off;
  init_by_lua_block {
    turn = 0
    peers = { ${targets.join(', ')} }
  }
  ${upstreams.join('\n  ')}`,
  location: `set $peer '';
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
      proxy_pass http://$peer$up$is_args$args;`,
})
