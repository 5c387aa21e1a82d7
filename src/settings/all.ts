import { MATCH_CALCULATIONS } from '../lib/match-calculation.ts'
import { ROUTER_FLAVORS } from '../lib/router-flavor.ts'
import { LOG_LEVELS } from '../ports/runtime.ts'
import { DNS_SETTINGS } from './all-dns.ts'
import { ERROR_SETTINGS } from './all-errors.ts'
import { GUI_SETTINGS } from './all-gui.ts'
import { TRACING_SETTINGS } from './all-tracing.ts'
import { UPSTREAM_SETTINGS } from './all-upstream.ts'

/** One thing a person may choose. */
export interface Setting {
  /** As in kong.conf; ours where Kong has none. */
  readonly name: string
  readonly fallback: string
  /** One line for `--help` and docs/settings.md. */
  readonly about: string
  /** The only values it takes. */
  readonly oneOf?: readonly string[]
  /** Kong has no such setting. */
  readonly ours?: true
  /** Never shown whole. */
  readonly secret?: true
}

/** Every setting there is; flags, environment, conf file, `GET /` and the docs follow from it. */
export const ALL_SETTINGS: readonly Setting[] = [
  {
    name: 'proxy_listen',
    fallback: '127.0.0.1:8000',
    about:
      'Where clients are served: address:port or unix:/path, then [ssl] [http2] [proxy_protocol] [ipv6only=off] [backlog=N]; a list, or off',
  },
  {
    name: 'admin_listen',
    fallback: '127.0.0.1:8001',
    about:
      'Where the Admin API is served: address:port or unix:/path, [ssl] [http2]; a list, or off',
  },
  {
    name: 'status_listen',
    fallback: 'off',
    about: 'Where /status and /status/ready are served: address:port, a list, or off',
  },
  {
    name: 'stream_listen',
    fallback: 'off',
    about:
      'Where tcp, tls and udp routes are served: address:port [ssl] [udp] [proxy_protocol]; a list, or off',
  },
  {
    name: 'database',
    fallback: 'file',
    about: 'Where configuration is kept: file, memory, or off (only kong.yaml and /config)',
    oneOf: ['file', 'memory', 'off'],
  },
  {
    name: 'declarative_config',
    fallback: '',
    about: 'A kong.yaml to serve; the same as `gibbon start FILE`',
  },
  {
    name: 'declarative_config_string',
    fallback: '',
    about: 'The text of a kong.yaml to serve, where no file is named',
    secret: true,
  },
  {
    name: 'declarative_watch',
    fallback: 'on',
    about: 'Serve the kong.yaml anew when it changes; SIGHUP reads it in either case',
    oneOf: ['on', 'off'],
    ours: true,
  },
  {
    name: 'node_id',
    fallback: '',
    about:
      'UUID this node goes by; when empty, one that the file database keeps, else a new one at each start',
  },
  {
    name: 'data_dir',
    fallback: './gibbon-data',
    about: 'Folder of the file database, and of what is posted to /config without a database',
    ours: true,
  },
  {
    name: 'port_maps',
    fallback: '',
    about:
      'Ports clients see in place of ours, as a list: 80:8000 where something maps 80 to our 8000',
  },
  {
    name: 'trusted_ips',
    fallback: '',
    about: 'Addresses, ranges and unix: whose X-Forwarded-* and real-ip header are believed',
  },
  {
    name: 'real_ip_header',
    fallback: 'X-Real-IP',
    about: "Header a trusted peer names the client's address in, or proxy_protocol",
  },
  {
    name: 'real_ip_recursive',
    fallback: 'off',
    about: 'Take the last address that is not trusted from a list in that header',
    oneOf: ['on', 'off'],
  },
  {
    name: 'headers',
    fallback: 'server_tokens, latency_tokens, X-Kong-Request-Id',
    about: 'Own headers sent to clients: names as in kong.conf, or off',
  },
  {
    name: 'headers_upstream',
    fallback: 'X-Kong-Request-Id',
    about: 'Own headers sent to upstreams: X-Kong-Request-Id or off',
  },
  ...ERROR_SETTINGS,
  {
    name: 'lua_max_uri_args',
    fallback: '100',
    about: 'Arguments of a query that plugins and expressions of routes see: 1 to 1000',
  },
  {
    name: 'vault_env_prefix',
    fallback: '',
    about: 'What `{vault://env/name}` puts before the names of environment variables',
  },
  {
    name: 'allow_debug_header',
    fallback: 'off',
    about: 'Answer `Kong-Debug: 1` with the route and service that served',
    oneOf: ['on', 'off'],
  },
  {
    name: 'router_flavor',
    fallback: 'traditional_compatible',
    about: 'How routes are chosen',
    oneOf: ROUTER_FLAVORS,
  },
  {
    name: 'route_match_calculation',
    fallback: 'strict',
    about:
      'How routes with fields are weighed (not in traditional): strict as documented, original as Kong 3.9 computes it',
    oneOf: MATCH_CALCULATIONS,
  },
  {
    name: 'plugins',
    fallback: 'bundled',
    about: 'Plugins to load: bundled, off, or a list of names and of files of your own',
  },
  {
    name: 'unimplemented_plugins',
    fallback: 'refuse',
    about: 'What becomes of enabled plugins that cannot run here: refuse, or ignore with a warning',
    oneOf: ['refuse', 'ignore'],
    ours: true,
  },
  {
    name: 'proxy_cache_storage',
    fallback: 'memory',
    about: 'Where proxy-cache keeps answers: memory of each process, or kv, which processes share',
    oneOf: ['memory', 'kv'],
    ours: true,
  },
  {
    name: 'untrusted_lua',
    fallback: 'off',
    about:
      'Whether functions in Lua may be configured: off, or sandbox, which takes the package fengari',
    oneOf: ['off', 'sandbox'],
  },
  {
    name: 'admin_token',
    fallback: '',
    about: 'Secret that Admin API requests must bring, as Kong-Admin-Token or as a bearer',
    secret: true,
    ours: true,
  },
  {
    name: 'admin_auth',
    fallback: 'token',
    about: 'off lets the Admin API listen beyond loopback without a token; for closed networks',
    oneOf: ['token', 'off'],
    ours: true,
  },
  {
    name: 'revision_history',
    fallback: '100',
    about: 'How many revisions of the configuration can be gone back to; 0 for none',
    ours: true,
  },
  {
    name: 'connect_backoff',
    fallback: '200',
    about: 'First pause in ms of a target that cannot be connected to; grows; 0 for none',
    ours: true,
  },
  {
    name: 'slow_start',
    fallback: '0',
    about: 'How long in ms a recovered target takes to get its whole weight; 0 for none',
    ours: true,
  },
  {
    name: 'upstream_max_in_flight',
    fallback: '0',
    about: 'Requests each upstream is given at once, by one process; 0 for no limit',
    ours: true,
  },
  {
    name: 'upstream_max_waiting',
    fallback: '100',
    about: 'Requests beyond those that wait for their turn; more are answered 503 at once',
    ours: true,
  },
  {
    name: 'upstream_max_wait',
    fallback: '1000',
    about: 'How long in ms they wait at most, until a 503; 0 for not at all',
    ours: true,
  },
  ...UPSTREAM_SETTINGS,
  ...TRACING_SETTINGS,
  ...DNS_SETTINGS,
  {
    name: 'ssl_cert',
    fallback: '',
    about:
      'PEM file of the certificate for names that have none, or its text; one is made when empty',
  },
  {
    name: 'ssl_cert_key',
    fallback: '',
    about: 'PEM file of its private key, or its text',
    secret: true,
  },
  {
    name: 'admin_ssl_cert',
    fallback: '',
    about: 'PEM file of the certificate of the Admin API, or its text; one is made when empty',
  },
  {
    name: 'admin_ssl_cert_key',
    fallback: '',
    about: 'PEM file of its private key, or its text',
    secret: true,
  },
  ...GUI_SETTINGS,
  {
    name: 'log_level',
    fallback: 'notice',
    about: 'Least important line the log keeps',
    oneOf: LOG_LEVELS,
  },
  {
    name: 'log_format',
    fallback: 'plain',
    about: 'Lines of the log on stderr: plain or json',
    oneOf: ['plain', 'json'],
    ours: true,
  },
  {
    name: 'max_connections',
    fallback: '0',
    about: 'Connections each proxy listener keeps open at most; 0 for no limit',
    ours: true,
  },
  {
    name: 'client_header_timeout',
    fallback: '15',
    about: 'Seconds until a request head must be whole',
    ours: true,
  },
  {
    name: 'workers',
    fallback: '1',
    about: 'Processes that share the ports and the database: a number, or auto for one a core',
    ours: true,
  },
  {
    name: 'shutdown_timeout',
    fallback: '10',
    about: 'Seconds that requests under way may take to end after SIGTERM',
    ours: true,
  },
]
