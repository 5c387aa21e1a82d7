import type { Plugin } from '../pdk/plugin.ts'
import { acl } from './acl.ts'
import { acme } from './acme.ts'
import { aiPromptDecorator } from './ai-prompt-decorator.ts'
import { aiPromptGuard } from './ai-prompt-guard.ts'
import { aiPromptTemplate } from './ai-prompt-template.ts'
import { aiProxy } from './ai-proxy.ts'
import { aiRequestTransformer } from './ai-request-transformer.ts'
import { aiResponseTransformer } from './ai-response-transformer.ts'
import { awsLambda } from './aws-lambda.ts'
import { azureFunctions } from './azure-functions.ts'
import { basicAuth } from './basic-auth.ts'
import { botDetection } from './bot-detection.ts'
import { correlationId } from './correlation-id.ts'
import { cors } from './cors.ts'
import { datadog } from './datadog.ts'
import { fileLog } from './file-log.ts'
import { grpcGateway } from './grpc-gateway.ts'
import { grpcWeb } from './grpc-web.ts'
import { hmacAuth } from './hmac-auth.ts'
import { httpLog } from './http-log.ts'
import { ipRestriction } from './ip-restriction.ts'
import { jwt } from './jwt.ts'
import { keyAuth } from './key-auth.ts'
import { ldapAuth } from './ldap-auth.ts'
import { loggly } from './loggly.ts'
import { oauth2 } from './oauth2.ts'
import { opentelemetry } from './opentelemetry.ts'
import { postFunction } from './post-function.ts'
import { preFunction } from './pre-function.ts'
import { prometheus } from './prometheus.ts'
import { proxyCache } from './proxy-cache.ts'
import { rateLimiting } from './rate-limiting.ts'
import { redirect } from './redirect.ts'
import { requestSizeLimiting } from './request-size-limiting.ts'
import { requestTermination } from './request-termination.ts'
import { requestTransformer } from './request-transformer.ts'
import { responseRatelimiting } from './response-ratelimiting.ts'
import { responseTransformer } from './response-transformer.ts'
import { session } from './session.ts'
import { standardWebhooks } from './standard-webhooks.ts'
import { statsd } from './statsd.ts'
import { syslog } from './syslog.ts'
import { tcpLog } from './tcp-log.ts'
import { udpLog } from './udp-log.ts'
import { zipkin } from './zipkin.ts'

/** Every bundled plugin, by priority. */
export const allPlugins: readonly Plugin[] = [
  preFunction,
  correlationId,
  zipkin,
  botDetection,
  cors,
  session,
  acme,
  jwt,
  oauth2,
  keyAuth,
  ldapAuth,
  basicAuth,
  hmacAuth,
  grpcGateway,
  ipRestriction,
  requestSizeLimiting,
  acl,
  rateLimiting,
  responseRatelimiting,
  requestTransformer,
  responseTransformer,
  redirect,
  aiRequestTransformer,
  aiPromptTemplate,
  aiPromptDecorator,
  aiPromptGuard,
  aiProxy,
  aiResponseTransformer,
  standardWebhooks,
  awsLambda,
  azureFunctions,
  proxyCache,
  opentelemetry,
  prometheus,
  httpLog,
  statsd,
  datadog,
  fileLog,
  udpLog,
  tcpLog,
  loggly,
  syslog,
  grpcWeb,
  requestTermination,
  postFunction,
]
