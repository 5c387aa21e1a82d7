import { Button } from '../parts/button.tsx'
import type { LiveRow } from './use-rows.ts'

/** What a drained target gets back, where nobody remembers. */
export const USUAL_WEIGHT = 100

/** Takes a weight, and the words that tell what that came to. */
type OnWeight = (weight: number, text: string) => void

/** What can be done with a target: by hand up or down, out softly, away. */
export function TargetActions({
  row: { live },
  former,
  onMark,
  onWeight,
  onRemove,
}: {
  row: LiveRow
  former: number
  onMark: (verb: 'healthy' | 'unhealthy') => void
  onWeight: OnWeight
  onRemove: () => void
}) {
  const name = live.target
  return (
    <span class="target-actions">
      <Button label={`Set ${name} healthy`} onClick={() => onMark('healthy')}>
        Healthy
      </Button>
      <Button label={`Set ${name} unhealthy`} onClick={() => onMark('unhealthy')}>
        Unhealthy
      </Button>
      {live.weight === 0 ? (
        <Undrain name={name} weight={former} onWeight={onWeight} />
      ) : (
        <Drain name={name} onWeight={onWeight} />
      )}
      <Button kind={live.drained ? 'main' : 'plain'} label={`Remove ${name}`} onClick={onRemove}>
        Remove
      </Button>
    </span>
  )
}

function Drain({ name, onWeight }: { name: string; onWeight: OnWeight }) {
  return (
    <Button
      label={`Drain ${name}`}
      title="Weight 0: no new requests, those under way are finished"
      onClick={() => onWeight(0, 'gets no new requests')}
    >
      Drain
    </Button>
  )
}

function Undrain({ name, weight, onWeight }: { name: string; weight: number; onWeight: OnWeight }) {
  return (
    <Button
      label={`Give ${name} traffic again`}
      onClick={() => onWeight(weight, `has weight ${weight} again`)}
    >
      Undrain
    </Button>
  )
}
