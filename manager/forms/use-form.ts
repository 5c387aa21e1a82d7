import { useMemo, useRef, useState } from 'hono/jsx/dom'
import {
  type Draft,
  type DraftRecord,
  draftAt,
  recordDraft,
  startingDraft,
  withDraftAt,
} from './draft.ts'
import { NOTHING_REFUSED, type Placed, textBelow, withoutErrorsOf } from './errors.ts'
import type { Layout } from './layout.ts'
import { type Problems, problemsOf } from './problems.ts'
import type { Schema } from './schema.ts'
import { readDrafts, sameValue, toChange, toCreate, type Values } from './values.ts'

/** A form while it is filled in. */
export interface Form {
  readonly schema: Schema
  readonly layout: Layout
  readonly isNew: boolean
  readonly draft: DraftRecord
  /** The draft with what depends on other fields following them. */
  readonly settled: DraftRecord
  get(path: string): Draft
  set(path: string, value: Draft): void
  /** Several at once. */
  change(members: Readonly<Record<string, Draft>>): void
  /** Says that somebody has been there, so that what is missing may be said. */
  touch(path: string): void
  touchAll(): void
  /** What is wrong there as far as it should be said now; `below` takes in all inside. */
  problem(path: string, below?: boolean): string | undefined
  refuse(placed: Placed): void
  readonly refused: Placed
  readonly problems: Problems
  readonly isValid: boolean
  /** Whether anything would be sent that is not so already. */
  readonly isChanged: boolean
  /** Whether something was typed that would be lost. */
  readonly isDirty: boolean
  /** What would be sent. */
  readonly body: Values
  /** The same, of what stands in the form at this moment. */
  readNow(): { readonly body: Values; readonly problems: Problems }
}

/** What a form starts from. */
export interface FormStart {
  readonly schema: Schema
  readonly layout: Layout
  /** The entity to change; undefined makes a new one. */
  readonly row: Readonly<Record<string, unknown>> | undefined
  readonly parentId: string | undefined
  /** Values a new one starts with. */
  readonly given?: Readonly<Record<string, Draft>>
}

/** Keeps a form's draft, and tells what is wrong with it and what would be sent. */
export function useForm(start: FormStart): Form {
  const { schema, layout, row } = start
  const first = useMemo(() => firstDraft(start), [schema, row])
  const before = useMemo(() => readDrafts(schema.fields, settle(layout, first)), [first])
  const { draft, change, draftNow } = useDraft(first)
  const { touched, touch, touchThese } = useTouched()
  const [refused, setRefused] = useState(NOTHING_REFUSED)
  const reading = useMemo(() => read(start, before, draft), [draft])
  const { problems, body } = reading
  const isNew = row === undefined
  return {
    ...reading,
    schema,
    layout,
    isNew,
    draft,
    refused,
    get: (path) => draftAt(draft, path),
    set(path, value) {
      change({ [path]: value })
      touch(path)
      setRefused((placed) => withoutErrorsOf(placed, path))
    },
    change,
    touch,
    touchAll: () => touchThese(problems.keys()),
    problem: (path, below = false) => said({ path, below }, { refused, problems, touched }),
    refuse: setRefused,
    isValid: problems.size === 0,
    isChanged: isNew || Object.keys(body).length > 0,
    isDirty: !sameValue(draft, first),
    readNow: () => read(start, before, draftNow()),
  }
}

/** The draft as it is shown, and as it is between two renderings. */
function useDraft(first: DraftRecord) {
  const [draft, setDraft] = useState(first)
  const latest = useRef(draft)
  const draftNow = (): DraftRecord => latest.current ?? draft
  const change = (members: Readonly<Record<string, Draft>>): void => {
    latest.current = Object.entries(members).reduce(
      (of, [path, to]) => withDraftAt(of, path, to),
      draftNow(),
    )
    setDraft(latest.current)
  }
  return { draft, change, draftNow }
}

/** Where somebody has been. */
function useTouched() {
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const touch = (path: string): void =>
    setTouched((known) => (known.has(path) ? known : new Set(known).add(path)))
  const touchThese = (paths: Iterable<string>): void => setTouched(new Set(paths))
  return { touched, touch, touchThese }
}

type Reading = Pick<Form, 'settled' | 'problems' | 'body'>

/** What a draft comes to. */
function read(
  { schema, layout, row, parentId }: FormStart,
  before: Values,
  draft: DraftRecord,
): Reading {
  const { fields } = schema
  const settled = settle(layout, draft)
  const after = readDrafts(fields, settled)
  const sent = row === undefined ? toCreate(fields, after) : toChange(fields, before, after)
  const found = [...problemsOf(schema, settled), ...(layout.check?.(settled, schema) ?? [])]
  const problems = new Map(Array.from(new Map(found)).filter(([, text]) => text !== ''))
  return { settled, problems, body: layout.along?.(sent, after, parentId) ?? sent }
}

function settle(layout: Layout, draft: DraftRecord): DraftRecord {
  return layout.settle?.(draft) ?? draft
}

function firstDraft({ schema, layout, row, given = {} }: FormStart): DraftRecord {
  const unread = Object.fromEntries((layout.unread ?? []).map((name) => [name, '']))
  const draft =
    row === undefined
      ? Object.fromEntries(schema.fields.map((field) => [field.name, startingDraft(field)]))
      : { ...recordDraft(schema.fields, row), ...unread }
  const whole = { ...draft, ...given }
  return layout.start?.(whole, row === undefined) ?? whole
}

/** What the gateway said counts until it is changed; what is missing is not said before somebody was there. */
function said(
  { path, below }: { path: string; below: boolean },
  {
    refused,
    problems,
    touched,
  }: Pick<Form, 'refused' | 'problems'> & { touched: ReadonlySet<string> },
): string | undefined {
  const theirs = below ? textBelow(refused.at, path) : refused.at.get(path)
  if (theirs !== undefined) return theirs
  if (below)
    return textBelow(
      new Map([...problems].filter(([at]) => touched.has(at) || touched.has(path))),
      path,
    )
  return touched.has(path) ? problems.get(path) : undefined
}
