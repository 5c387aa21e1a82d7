import type { PluginRow } from './rows-row.ts'
import { TRANSFORMING_MODEL_ROWS } from './rows-transforming-models.ts'

const NO_PROTO = 'transcoding requests require a .proto file defining the service'
const TEXT = { 'content-type': 'text/plain; charset=utf-8' }

const grpc: readonly PluginRow[] = [
  {
    what: 'grpc-web: no such type',
    plugins: [{ name: 'grpc-web' }],
    asked: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' },
    status: 400,
    headers: TEXT,
    body: NO_PROTO,
  },
  {
    what: 'grpc-web: JSON without a file that says what is in it',
    plugins: [{ name: 'grpc-web' }],
    asked: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    status: 400,
    headers: { ...TEXT, 'access-control-allow-origin': '*' },
    body: NO_PROTO,
  },
  {
    what: 'grpc-web: a preflight',
    plugins: [{ name: 'grpc-web' }],
    asked: { method: 'OPTIONS' },
    status: 200,
    headers: {
      'content-type': 'application/grpc-web-text+proto',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type,x-grpc-web,x-user-agent',
    },
    body: 'OK',
    reached: 0,
  },
  {
    what: 'grpc-gateway: no file',
    plugins: [{ name: 'grpc-gateway' }],
    status: 400,
    headers: TEXT,
    body: NO_PROTO,
  },
  {
    what: 'grpc-gateway: a preflight',
    plugins: [{ name: 'grpc-gateway' }],
    asked: { method: 'OPTIONS' },
    status: 200,
    headers: { 'access-control-allow-methods': 'GET,POST,PATCH,DELETE' },
    body: 'OK',
    reached: 0,
  },
]

const lambda = {
  aws_region: 'eu-west-1',
  aws_key: 'key',
  aws_secret: 'secret',
  function_name: 'hello',
  host: '127.0.0.1',
  port: '{port}',
  disable_https: true,
}

const serverless: readonly PluginRow[] = [
  {
    what: 'aws-lambda: what the function says, asked with a signature',
    plugins: [{ name: 'aws-lambda', config: lambda }],
    status: 200,
    body: { target: 'a', url: '/2015-03-31/functions/hello/invocations' },
    upstream: { authorization: /^AWS4-HMAC-SHA256 Credential=key\//, 'x-amz-date': /^\d{8}T/ },
    upstreamMethod: 'POST',
    reached: 1,
  },
  {
    what: 'aws-lambda: no function',
    plugins: [{ name: 'aws-lambda', config: { ...lambda, function_name: null } }],
    status: 500,
    body: { message: 'An unexpected error occurred' },
  },
  {
    what: 'aws-lambda: nobody there',
    plugins: [{ name: 'aws-lambda', config: { ...lambda, port: 1 } }],
    status: 500,
    body: { message: 'An unexpected error occurred' },
  },
  {
    what: 'azure-functions: nobody there',
    plugins: [
      {
        name: 'azure-functions',
        config: { appname: '127.0', hostdomain: '0.1:1', functionname: 'f', https: false },
      },
    ],
    status: 500,
    body: '{"message":"An unexpected error occurred"}',
  },
  {
    what: 'azure-functions: what the function says',
    plugins: [
      {
        name: 'azure-functions',
        config: {
          appname: '127.0',
          hostdomain: '0.1:{port}',
          functionname: 'f',
          apikey: 'secret',
          https: false,
        },
      },
    ],
    asked: { path: '?a=1' },
    status: 200,
    body: { target: 'a', url: /^\/api\/f\/row-\d+\?a=1$/ },
    upstream: { 'x-functions-key': 'secret' },
    reached: 1,
  },
]

const ai = (message: string) => JSON.stringify({ error: { message } })
const PROMPT = { 'content-type': 'application/json' }
const says = (content: string) => ({
  method: 'POST',
  headers: PROMPT,
  body: JSON.stringify({ messages: [{ role: 'user', content }] }),
})
const GUARD = [{ name: 'ai-prompt-guard', config: { deny_patterns: ['secret'] } }]
const TEMPLATE = [
  {
    name: 'ai-prompt-template',
    config: {
      allow_untemplated_requests: false,
      templates: [{ name: 'greet', template: '{"prompt":"Greet {{name}}"}' }],
    },
  },
]

const prompts: readonly PluginRow[] = [
  {
    what: 'ai-prompt-guard: a prompt that may not be',
    plugins: GUARD,
    asked: says('tell me the secret'),
    status: 400,
    body: ai('bad request'),
  },
  { what: 'ai-prompt-guard: one that may', plugins: GUARD, asked: says('hello'), status: 200 },
  {
    what: 'ai-prompt-guard: no JSON',
    plugins: GUARD,
    asked: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' },
    status: 400,
    body: ai('this LLM route only supports application/json requests'),
  },
  {
    what: 'ai-prompt-template: an unknown one',
    plugins: TEMPLATE,
    asked: { method: 'POST', headers: PROMPT, body: '{"prompt":"{template://other}"}' },
    status: 400,
    body: ai('could not find template name [other]'),
  },
  {
    what: 'ai-prompt-template: filled in',
    plugins: TEMPLATE,
    asked: {
      method: 'POST',
      headers: PROMPT,
      body: '{"prompt":"{template://greet}","properties":{"name":"Ann"}}',
    },
    status: 200,
    upstreamBody: /"prompt":"Greet Ann"/,
  },
  {
    what: 'ai-prompt-decorator: before what was asked',
    plugins: [
      {
        name: 'ai-prompt-decorator',
        config: { prompts: { prepend: [{ role: 'system', content: 'Be short' }] } },
      },
    ],
    asked: says('hello'),
    status: 200,
    upstreamBody: /^\{"messages":\[\{.*"Be short".*\},\{.*"hello".*\}\]\}$/,
  },
]

const model = (config: object = {}) => [
  {
    name: 'ai-proxy',
    config: {
      route_type: 'llm/v1/chat',
      auth: { header_name: 'authorization', header_value: 'Bearer of-the-gateway' },
      model: {
        provider: 'openai',
        name: 'gpt-4o',
        options: { upstream_url: 'http://127.0.0.1:{port}/chat' },
      },
      ...config,
    },
  },
]

const models: readonly PluginRow[] = [
  {
    what: 'ai-proxy: a model asked with the key of the gateway, that says nothing a model says',
    plugins: model(),
    asked: says('hello'),
    status: 500,
    body: ai(
      "transformation failed from type openai://llm/v1/chat: 'choices' not in llm/v1/chat response",
    ),
    upstream: { authorization: 'Bearer of-the-gateway' },
    upstreamMethod: 'POST',
    upstreamBody: /"model":"gpt-4o"/,
    reached: 1,
  },
  {
    what: 'ai-proxy: no JSON',
    plugins: model(),
    asked: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' },
    status: 400,
    body: /^\{"error":\{"message":".+"\}\}$/,
  },
]

/** Calls, functions and models behind the gateway. */
export const FUNCTION_ROWS: readonly PluginRow[] = [
  ...grpc,
  ...serverless,
  ...prompts,
  ...models,
  ...TRANSFORMING_MODEL_ROWS,
]
