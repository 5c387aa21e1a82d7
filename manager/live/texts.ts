/** `48 %`; a dash for what is not known. */
export function percentText(ratio: number | undefined): string {
  if (ratio === undefined) return '–'
  const percent = ratio * 100
  if (percent > 0 && percent < 1) return '< 1 %'
  return `${Math.round(percent)} %`
}

/** `0.4 ms`, `12 ms`, `1.2 s`; a dash for what is not known. */
export function millisText(ms: number | undefined): string {
  if (ms === undefined) return '–'
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`
}

/** `0`, `0.4`, `12`, `1,234`. */
export function countText(count: number): string {
  return count < 10 ? String(Number(count.toFixed(1))) : Math.round(count).toLocaleString('en')
}
