import { healthchecks } from '../entities/healthchecks.ts'
import { upstream } from '../entities/upstream.ts'
import { defineEntity } from '../schema/entity.ts'
import { record } from '../schema/field.ts'
import {
  checkFailure,
  checkLatency,
  checkMoment,
  checkName,
  checkPeriod,
  checkPhases,
  checkSize,
  checkStay,
  checkSteps,
  checkTargets,
} from './scenario-checks.ts'

/** A time with its unit; nought may go without. Its type is the check's to say. */
const moment = { type: 'json', check: checkMoment } as const
const period = { type: 'json', check: checkPeriod } as const

const latencyFields = {
  distribution: { type: 'string', one_of: ['fixed', 'normal', 'lognormal', 'exponential'] },
  p50: { ...period, required: true },
  p99: period,
} as const

const latency = {
  type: 'record',
  fields: latencyFields,
  entity_checks: [
    { custom_entity_check: { field_sources: ['distribution', 'p50', 'p99'], check: checkLatency } },
  ],
} as const

const load = {
  type: 'record',
  required: true,
  fields: {
    requests_per_second: { type: 'number', between: [0.001, 1_000_000] },
    steps: {
      type: 'array',
      len_min: 1,
      elements: {
        type: 'record',
        fields: {
          from: { ...moment, required: true },
          requests_per_second: { type: 'number', required: true, between: [0, 1_000_000] },
        },
      },
    },
    arrivals: { type: 'string', default: 'poisson', one_of: ['poisson', 'even'] },
    clients: { type: 'integer', between: [1, 100_000] },
    pause: { ...moment, default: '0ms' },
    pause_after_failure: { ...period, default: '1s' },
  },
  entity_checks: [
    { only_one_of: ['requests_per_second', 'steps', 'clients'] },
    { custom_entity_check: { field_sources: ['steps'], check: checkSteps } },
  ],
} as const

const failure = {
  type: 'record',
  fields: {
    from: { ...moment, default: '0s' },
    to: period,
    does: {
      type: 'string',
      required: true,
      one_of: ['refuse', 'drop', 'reset', 'hang', 'error', 'slow'],
    },
    rate: { type: 'number', between: [0, 1], default: 1 },
    status: { type: 'integer', between: [400, 599], default: 500 },
    factor: { type: 'number', between: [0.001, 10_000] },
    latency,
  },
  entity_checks: [
    {
      custom_entity_check: {
        field_sources: ['from', 'to', 'does', 'factor', 'latency'],
        check: checkFailure,
      },
    },
  ],
} as const

const target = {
  type: 'record',
  fields: {
    name: { type: 'string', required: true, check: checkName },
    count: { type: 'integer', default: 1, between: [1, 1_000] },
    weight: { type: 'integer', default: 100, between: [0, 65_535] },
    latency: { ...latency, required: true },
    concurrency: { type: 'integer', between: [1, 100_000] },
    cache: {
      type: 'record',
      fields: {
        keys: { type: 'integer', required: true, between: [1, 1_000_000] },
        latency: { ...latency, required: true },
      },
    },
    failures: { type: 'array', elements: failure },
    joins: moment,
    leaves: period,
  },
  entity_checks: [
    { custom_entity_check: { field_sources: ['joins', 'leaves'], check: checkStay } },
  ],
} as const

/** What a scenario's file may say. It is checked as entities are, with the same words. */
export const scenarioForm = defineEntity({
  name: 'scenario',
  fields: {
    title: { type: 'string', default: 'A simulation', len_max: 80 },
    seed: { type: 'integer', default: 1, between: [0, 4_294_967_295] },
    duration: { ...period, required: true },
    load,
    keys: record({
      count: { type: 'integer', default: 10_000, between: [1, 1_000_000] },
      spread: { type: 'string', default: 'uniform', one_of: ['uniform', 'zipf'] },
      exponent: { type: 'number', default: 1, between: [0, 10] },
    }),
    targets: { type: 'array', required: true, len_min: 1, elements: target },
    algorithms: {
      type: 'array',
      required: true,
      len_min: 1,
      default: ['round-robin', 'least-connections', 'latency', 'consistent-hashing'],
      elements: { type: 'string', one_of: upstream.fields.algorithm.one_of },
    },
    slots: upstream.fields.slots,
    healthchecks,
    method: {
      type: 'string',
      default: 'GET',
      one_of: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    },
    retries: { type: 'integer', default: 5, between: [0, 32_767] },
    timeouts: record({
      connect: { ...period, default: '60s' },
      read: { ...period, default: '60s' },
    }),
    connect_backoff: { ...moment, default: '200ms' },
    slow_start: { ...moment, default: '0s' },
    phases: {
      type: 'array',
      elements: {
        type: 'record',
        fields: {
          name: { type: 'string', required: true, len_max: 40 },
          from: { ...moment, required: true },
        },
      },
    },
  },
  entityChecks: [
    { custom_entity_check: { field_sources: ['targets'], check: checkTargets } },
    { custom_entity_check: { field_sources: ['duration', 'phases'], check: checkPhases } },
    { custom_entity_check: { field_sources: ['duration', 'load'], check: checkSize } },
  ],
})
