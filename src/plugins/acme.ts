import { checkWildcardHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import type { EntityCheck } from '../schema/field.ts'
import { acmeRoutes } from './acme/admin.ts'
import { answerChallenge, challengedToken } from './acme/challenge.ts'
import { hostCheck } from './acme/domains.ts'
import { certifyOnDemand } from './acme/on-demand.ts'
import { renewDaily } from './acme/renewal.ts'
import { openStorage } from './acme/storage.ts'
import { acmeStorage } from './acme/storage-entity.ts'
import { acmeStorageConfig } from './acme/storage-fields.ts'
import { checkUrl } from './fields/url.ts'

/** Gets and renews certificates from an ACME authority. */
export const acme = definePlugin(
  {
    name: 'acme',
    priority: 1705,
    unscoped: ['consumer', 'service', 'route'],
    about: {
      summary:
        "Gets certificates from an ACME authority such as Let's Encrypt, serves them, and renews them.",
      example: {
        account_email: 'me@example.com',
        tos_accepted: true,
        domains: ['www.example.com', '*.apps.example.com'],
        storage: 'kong',
      },
      notes: [
        'A host gets its certificate when a TLS handshake, or a request over https, first asks for it, or by `POST /acme` with its `host`; that handshake and those before the certificate is there see the default certificate. It has to be among `domains`, unless `allow_any_domain` is on.',
        'The authority asks back over plain http on port 80 (`http-01`): those requests have to reach this gateway. No route is needed for them.',
        'A certificate is stored as an entity of `certificates` with one of `snis`, tagged `managed-by-acme`. Where a configuration file is loaded anew, what it does not list is gone and is got again.',
        'With `storage: shm` accounts and challenges are in the memory of one process; where several gateways answer, take `kong`, `redis`, `consul` (its key-value store) or `vault` (a key-value store of version 2, mounted at the first step of `kv_path`).',
        'What ends within `renew_threshold_days` is renewed once a day, or by `PATCH /acme`.',
      ],
    },
    entities: [acmeStorage],
    admin: acmeRoutes,
    config: {
      type: 'record',
      required: true,
      fields: {
        account_email: {
          type: 'string',
          required: true,
          referenceable: true,
          encrypted: true,
          match: '%w*%p*@+%w*%.?%w*',
        },
        account_key: {
          type: 'record',
          required: false,
          fields: {
            key_id: { type: 'string', required: true },
            key_set: { type: 'string' },
          },
        },
        api_uri: {
          type: 'string',
          default: 'https://acme-v02.api.letsencrypt.org/directory',
          check: checkUrl,
        },
        tos_accepted: { type: 'boolean', default: false },
        eab_kid: { type: 'string', referenceable: true, encrypted: true },
        eab_hmac_key: { type: 'string', referenceable: true, encrypted: true },
        cert_type: { type: 'string', default: 'rsa', one_of: ['rsa', 'ecc'] },
        rsa_key_size: { type: 'number', default: 4096, one_of: [2048, 3072, 4096] },
        renew_threshold_days: { type: 'number', default: 14 },
        domains: {
          type: 'array',
          elements: {
            type: 'string',
            check: checkWildcardHost,
            match_all: [
              {
                err: 'invalid wildcard: must have at most one wildcard',
                pattern: '^[^*]*%*?[^*]*$',
              },
            ],
            match_any: {
              err: 'invalid wildcard: must be placed at leftmost or rightmost label',
              patterns: ['^%*%.', '%.%*$', '^[^*]*$'],
            },
          },
        },
        allow_any_domain: { type: 'boolean', default: false },
        fail_backoff_minutes: { type: 'number', default: 5 },
        storage: {
          type: 'string',
          default: 'shm',
          one_of: ['kong', 'shm', 'redis', 'consul', 'vault'],
        },
        storage_config: acmeStorageConfig,
        preferred_chain: { type: 'string' },
        enable_ipv4_common_name: { type: 'boolean', default: true },
      },
    },
    entityChecks: [
      {
        conditional: {
          if_field: 'config.api_uri',
          if_match: {
            one_of: [
              'https://acme-v02.api.letsencrypt.org',
              'https://acme-staging-v02.api.letsencrypt.org',
            ],
          },
          then_field: 'config.tos_accepted',
          then_match: { eq: true },
          then_err: 'terms of service must be accepted, see https://letsencrypt.org/repository/',
        },
      },
      neededForRedis('host'),
      neededForRedis('port'),
      // Kong asks here whether the storage is there; only the Admin API knows if there is a database.
      { custom_entity_check: { field_sources: ['config.storage'] } },
    ],
  },
  (config, kit) => {
    const isOurs = hostCheck(config)
    const storage = openStorage(config, kit)
    const demand = certifyOnDemand(config, kit)
    const close = renewDaily(config, kit)

    return {
      close,
      certificate(serverName) {
        if (isOurs(serverName)) demand(serverName)
      },
      // Before there is a route: the authority's requests need none, and no plugin refuses them.
      rewrite(exchange) {
        const { host, scheme } = exchange.request
        if (scheme === 'https') {
          if (isOurs(host)) demand(host)
          return undefined
        }
        const token = challengedToken(exchange)
        if (token === undefined || !isOurs(host)) return undefined
        return answerChallenge(token, storage, kit)
      },
    }
  },
)

function neededForRedis(name: string): EntityCheck {
  return {
    conditional: {
      if_field: 'config.storage',
      if_match: { eq: 'redis' },
      then_field: `config.storage_config.redis.${name}`,
      then_match: { required: true },
    },
  }
}
