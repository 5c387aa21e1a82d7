import { useId, useState } from 'hono/jsx/dom'
import { announce } from '../parts/toast.tsx'
import { textIn } from '../parts/typed-text.ts'

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
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    onText(await file.text())
    announce(`${file.name} is read, and not applied yet`)
  }
  const { over, ...dropping } = useDropping(take)
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
          onInput={(event: InputEvent) => onText(textIn(event))}
          {...dropping}
        />
      </p>
      <FileChoice onFile={take} />
    </>
  )
}

type OnFile = (file: File | undefined) => Promise<void>

function FileChoice({ onFile }: { onFile: OnFile }) {
  const id = useId()
  const choose = ({ target }: Event): void =>
    void onFile(target instanceof HTMLInputElement ? target.files?.[0] : undefined)
  return (
    <p class="field">
      <label for={id}>Or choose a file, or drop one on the text</label>
      <input id={id} type="file" accept=".yaml,.yml,.json" onChange={choose} />
    </p>
  )
}

/** Lets a file be dropped; `over` while one is held above. */
function useDropping(onFile: OnFile) {
  const [over, setOver] = useState(false)
  return {
    over,
    onDragover(event: DragEvent) {
      event.preventDefault()
      setOver(true)
    },
    onDragleave: () => setOver(false),
    onDrop(event: DragEvent) {
      event.preventDefault()
      setOver(false)
      void onFile(event.dataTransfer?.files[0])
    },
  }
}
