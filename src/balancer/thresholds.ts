import type { Upstream } from '../entities/upstream.ts'
import type { Report } from './health.ts'

/** How the checks of one kind read statuses, and how many reports change a state. */
export interface Thresholds {
  /** 0: the report is off. */
  readonly limits: Readonly<Record<Report, number>>
  readonly healthy: ReadonlySet<number>
  readonly unhealthy: ReadonlySet<number>
}

/** How an upstream's targets are probed; times in milliseconds. */
export interface ActivePlan extends Thresholds {
  readonly type: 'http' | 'https' | 'tcp'
  readonly timeout: number
  readonly concurrency: number
  readonly path: string
  readonly sni: string | undefined
  readonly verify: boolean
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** Between probes of targets that are up, and of those that are down; 0: none. */
  readonly upInterval: number
  readonly downInterval: number
}

/** An upstream's health checks, compiled. */
export interface HealthPlan {
  /** Kong: without one of five settings there is no checker, and all is well. */
  readonly checked: boolean
  /** Percentage of the weight that must be exceeded. */
  readonly threshold: number
  readonly active: ActivePlan
  readonly passive: Thresholds
  /** Probes can bring a target back. */
  readonly heals: boolean
}

type Healthchecks = Upstream['healthchecks']

/** Compiles `healthchecks`; nulled leaves mean Kong's defaults. */
export function healthPlan({ active, passive, threshold }: Healthchecks): HealthPlan {
  const probes = activePlan(active)
  const traffic = thresholds(passive)
  const { tcp, timeout, http } = traffic.limits
  return {
    checked: probes.upInterval + probes.downInterval + tcp + timeout + http > 0,
    threshold: threshold ?? 0,
    active: probes,
    passive: traffic,
    heals: probes.downInterval > 0 && probes.limits.success > 0,
  }
}

/** What a status means; undefined when it is in neither list. */
export function reportOf({ healthy, unhealthy }: Thresholds, status: number): Report | undefined {
  if (healthy.has(status)) return 'success'
  // Kong: a status that cannot be read is 0, and a failure whatever the list says.
  return unhealthy.has(status) || status === 0 ? 'http' : undefined
}

function activePlan(active: Healthchecks['active']): ActivePlan {
  const type = active.type ?? 'http'
  const { healthy, unhealthy } = active
  return {
    ...thresholds(active),
    // Kong probes the grpc types by plain HTTP/1. Unlike Kong, tcp is probed by an http gateway too.
    type: type === 'grpc' ? 'http' : type === 'grpcs' ? 'https' : type,
    timeout: (active.timeout || 1) * 1000,
    concurrency: active.concurrency ?? 10,
    path: active.http_path ?? '/',
    sni: active.https_sni ?? undefined,
    verify: active.https_verify_certificate,
    headers: active.headers ?? {},
    upInterval: (healthy.interval ?? 0) * 1000,
    downInterval: (unhealthy.interval ?? 0) * 1000,
  }
}

function thresholds({
  healthy,
  unhealthy,
}: Pick<Healthchecks['passive'], 'healthy' | 'unhealthy'>): Thresholds {
  return {
    limits: {
      success: healthy.successes ?? 0,
      http: unhealthy.http_failures ?? 0,
      tcp: unhealthy.tcp_failures ?? 0,
      timeout: unhealthy.timeouts ?? 0,
    },
    healthy: new Set(healthy.http_statuses),
    unhealthy: new Set(unhealthy.http_statuses),
  }
}
