/** On or off; the caller holds which. The label is shown unless `hideLabel`. */
export function Switch({
  label,
  checked,
  onChange,
  disabled = false,
  hideLabel = false,
}: {
  label: string
  checked: boolean
  onChange: (next: boolean) => void
  disabled?: boolean
  hideLabel?: boolean
}) {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={checked ? 'true' : 'false'}
      aria-label={label}
      disabled={disabled}
      onClick={() => onChange(!checked)}
    >
      <span class="track" aria-hidden="true">
        <span class="knob" />
      </span>
      {hideLabel ? null : <span>{label}</span>}
    </button>
  )
}
