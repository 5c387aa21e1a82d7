export type { RowChange } from './declarative/changes.ts'
export { type AppliedConfig, createGateway, type Gateway, type GatewayOptions } from './gateway.ts'
export type { ClientFacts } from './http/web-message.ts'
export type { Body, ByteStream } from './lib/bytes.ts'
export type { HeaderList } from './lib/header-list.ts'
export { KONG_VERSION, VERSION } from './lib/version.ts'
export type { AdminRoute } from './pdk/admin-route.ts'
export type { Exchange } from './pdk/exchange.ts'
export { type Exit, exitJson, exitWith, refusal } from './pdk/exit.ts'
export type { Hooks } from './pdk/hooks.ts'
export type { Kit } from './pdk/kit.ts'
export type { LogRecord } from './pdk/log-record.ts'
export { fromMiddleware } from './pdk/middleware.ts'
export { definePlugin, type Plugin } from './pdk/plugin.ts'
export type { RedisClient } from './pdk/redis/redis-client.ts'
export { redisFrom } from './pdk/redis/redis-from.ts'
export type { Refused, Session, SessionRecord } from './pdk/session.ts'
export type { Files } from './ports/files.ts'
export type { KV } from './ports/kv.ts'
export type { LogLevel, Runtime } from './ports/runtime.ts'
export type { Answer, ClientRequest, Departure, RequestBody, Tunnel } from './ports/server.ts'
export type { ByteSocket, SocketPlace, Sockets } from './ports/sockets.ts'
export type { Batch, CommitResult, Entry, Json, Store } from './ports/store.ts'
export type {
  Dial,
  Dialled,
  OpenStream,
  PlanStream,
  StreamClient,
  StreamFigures,
  StreamPlace,
  StreamPlan,
} from './ports/stream.ts'
export type {
  Failure,
  Incoming,
  Outgoing,
  Phase,
  Transport,
  TransportCaps,
  UpstreamTls,
} from './ports/transport.ts'
export { EntityError } from './schema/entity-error.ts'
export { ALL_SETTINGS, type Setting } from './settings/all.ts'
export type { ProcessSettings } from './settings/process-settings.ts'
export { type ReadSettings, readSettings } from './settings/read.ts'
export type { Settings } from './settings/settings.ts'
