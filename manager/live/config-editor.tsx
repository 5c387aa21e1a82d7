import { useId, useState } from 'hono/jsx/dom'
import { announce } from '../parts/toast.tsx'

/** A text to be edited; a file may be dropped on it or chosen. */
export function ConfigEditor({
  text,
  onText,
  field,
}: {
  text: string
  onText: (text: string) => void
  /** Where the element is put, so that a line can be shown. */
  field: { current: HTMLTextAreaElement | null }
}) {
  const id = useId()
  const [over, setOver] = useState(false)
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    onText(await file.text())
    announce(`${file.name} is read, and not applied yet`)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer?.files[0])
  }
  return (
    <>
      <p class="field">
        <label for={id}>Configuration as decK’s YAML</label>
        <textarea
          id={id}
          ref={field}
          class={over ? 'config-text over' : 'config-text'}
          value={text}
          spellcheck={false}
          autocomplete="off"
          wrap="off"
          onInput={(event: InputEvent) =>
            onText(event.target instanceof HTMLTextAreaElement ? event.target.value : '')
          }
          onDragover={(event: DragEvent) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragleave={() => setOver(false)}
          onDrop={drop}
        />
      </p>
      <p class="field">
        <label for={`${id}-file`}>Or choose a file, or drop one on the text</label>
        <input
          id={`${id}-file`}
          type="file"
          accept=".yaml,.yml,.json"
          onChange={(event: Event) =>
            void take(
              event.target instanceof HTMLInputElement ? event.target.files?.[0] : undefined,
            )
          }
        />
      </p>
    </>
  )
}
