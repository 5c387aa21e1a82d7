import { useId, useState } from 'hono/jsx/dom'
import { callWhole, pathOf } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { undoable } from '../undo.ts'
import { percentText } from './texts.ts'
import { useAction } from './use-action.ts'
import type { LiveRow } from './use-rows.ts'
import { sharesOf, type Weighted } from './weights.ts'

const LARGEST = 65_535
const USUAL = 200

/** What the editor is given. */
export interface WeightEditorProps {
  upstreamId: string
  rows: readonly LiveRow[]
  /** Called when all was tried, though one may have been refused. */
  onSaved: () => void
  onClose: () => void
}

/** Weights to be tried out by sliders: the shares they come to are shown before any is saved. */
export function WeightEditor({ upstreamId, rows, onSaved, onClose }: WeightEditorProps) {
  const { before, after, changed, choose } = useChosenWeights(rows)
  const [then, next] = [sharesOf(before), sharesOf(after)]
  const { busy, error, run } = useAction()
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const done = await run(() => saveWeights(upstreamId, changed))
    onSaved()
    if (done) onClose()
  }
  return (
    <form class="card" aria-label="Weights" onSubmit={save}>
      <h3>Weights</h3>
      <p class="help">What each would get is shown at once; nothing changes until you save.</p>
      {rows.map(({ live }, i) => (
        <WeightSlider
          key={live.id}
          target={live.target}
          weight={after[i]?.weight ?? 0}
          then={then.get(live.id)}
          next={next.get(live.id)}
          onWeight={(weight) => choose(live.id, weight)}
        />
      ))}
      <ErrorBanner error={error} />
      <div class="actions">
        <Button type="submit" kind="main" busy={busy} disabled={changed.length === 0}>
          Save Weights
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  )
}

/** The weights that are, and those that would be. */
function useChosenWeights(rows: readonly LiveRow[]) {
  const [chosen, setChosen] = useState<Readonly<Record<string, number>>>({})
  const before = rows.map((row) => weightedOf(row, row.live.weight))
  const after = rows.map((row) => weightedOf(row, chosen[row.live.id] ?? row.live.weight))
  return {
    before,
    after,
    changed: after.filter(({ weight }, i) => weight !== before[i]?.weight),
    choose: (id: string, weight: number) => setChosen((known) => ({ ...known, [id]: weight })),
  }
}

async function saveWeights(upstreamId: string, changed: readonly Weighted[]): Promise<void> {
  let made: number | undefined
  for (const { id, weight } of changed) {
    const path = pathOf('upstreams', upstreamId, 'targets', id)
    made = (await callWhole('PATCH', path, { body: { weight } })).revision
  }
  // Of several changes only the last could be undone.
  undoable('Weights saved', changed.length === 1 ? made : undefined)
}

/** What weight 0 keeps from traffic today may have some tomorrow. */
function weightedOf({ live, standing }: LiveRow, weight: number): Weighted {
  return { id: live.id, weight, takes: standing.takes || live.weight === 0 }
}

interface WeightSliderProps {
  target: string
  weight: number
  /** The share it has, and the one it would have. */
  then: number | undefined
  next: number | undefined
  onWeight: (weight: number) => void
}

function WeightSlider({ target, weight, then, next, onWeight }: WeightSliderProps) {
  const field = useId()
  const most = Math.max(USUAL, weight)
  const read = (event: InputEvent): void => {
    if (!(event.target instanceof HTMLInputElement)) return
    const value = event.target.valueAsNumber
    if (Number.isInteger(value) && value >= 0 && value <= LARGEST) onWeight(value)
  }
  return (
    <div class="weight">
      <label for={field}>{target}</label>
      <input
        id={field}
        type="range"
        min="0"
        max={most}
        value={weight}
        aria-valuetext={`weight ${weight}, ${percentText(next)} of the traffic`}
        onInput={read}
      />
      <input
        type="number"
        min="0"
        max={LARGEST}
        value={weight}
        aria-label={`Weight of ${target}`}
        onInput={read}
      />
      <output for={field}>
        {percentText(then)} → <b>{percentText(next)}</b>
      </output>
    </div>
  )
}
