import { useMemo, useRef } from 'hono/jsx/dom'
import { isRecord, type Page } from '../api.ts'
import { type Measured, parseMetrics } from '../live/metrics.ts'
import {
  countsOf,
  type ServiceCounts,
  serviceFigures,
  withCounts,
} from '../live/service-figures.ts'
import { warningsOf } from '../live/warnings.ts'
import { useLoaded } from '../loading.ts'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { GatewayFacts } from './overview-gateway.tsx'
import { ServiceTable } from './overview-services.tsx'
import { WarningList } from './overview-warnings.tsx'

/** What the gateway is, how it does, and what somebody should look at. */
export function OverviewPage() {
  const node = useLoaded<unknown>('/')
  const status = useLoaded<unknown>('/status?kv=1', { every: 5000 })
  const metrics = useLoaded<unknown>('/metrics', { every: 2000 })
  const certificates = useLoaded<Page>('/certificates?size=1000')
  const measured = useMemo(
    () => (typeof metrics.value === 'string' ? parseMetrics(metrics.value) : []),
    [metrics.value],
  )
  const figures = useServiceFigures(measured)
  const warnings = useMemo(
    () =>
      warningsOf({
        node: node.value,
        metrics: measured,
        certificates: certificates.value?.data ?? [],
        now: Date.now(),
      }),
    [node.value, measured, certificates.value],
  )
  return (
    <>
      <PageHeader title="Overview" />
      <ErrorBanner error={node.error ?? status.error} onRetry={node.reload} />
      <WarningList warnings={warnings} ready={isRecord(node.value)} />
      <GatewayFacts node={node.value} status={status.value} metrics={measured} />
      <h2>Services</h2>
      {metrics.error === undefined ? (
        <ServiceTable figures={figures} />
      ) : (
        <p class="soft">
          There are no figures: {metrics.error.status === 404 ? NO_METRICS : metrics.error.message}
        </p>
      )}
    </>
  )
}

const NO_METRICS = 'the plugin prometheus is not loaded here.'

/** Keeps the counts of the last minute, to tell what goes on by what they grew. */
function useServiceFigures(metrics: readonly Measured[]) {
  const kept = useRef<readonly ServiceCounts[]>([])
  return useMemo(() => {
    if (metrics.length > 0) {
      kept.current = withCounts(kept.current ?? [], countsOf(metrics, Date.now()))
    }
    return serviceFigures(kept.current ?? [])
  }, [metrics])
}
