/** How large the picture is. */
export const WIDTH = 96
/** How high. */
export const HEIGHT = 22

/** The highest value reaches the top; time goes to the right. */
export function sparkPath(values: readonly (number | undefined)[]): string {
  const most = Math.max(1, ...values.filter((value) => value !== undefined))
  const step = values.length < 2 ? 0 : WIDTH / (values.length - 1)
  let isDrawn = false
  const parts = values.flatMap((value, at) => {
    if (value === undefined) {
      isDrawn = false
      return []
    }
    const place = `${round(at * step)} ${round(HEIGHT - 1 - (value / most) * (HEIGHT - 2))}`
    const part = `${isDrawn ? 'L' : 'M'}${place}`
    isDrawn = true
    return [part]
  })
  return parts.join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
