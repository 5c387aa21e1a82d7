import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import type { World } from './world.ts'

/**
 * What is done in a form: a text by its field's test id or `#id`, one taken as a new offer, an
 * option by its value, or a click on any selector.
 */
export type Step =
  | { readonly field: string; readonly text: string }
  | { readonly offered: string; readonly text: string }
  | { readonly select: string; readonly option: string }
  | { readonly label: string; readonly option: string }
  | { readonly click: string }

/** Does the steps in their order. */
export async function fillIn(world: World, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if ('click' in step) await world.page.locator(step.click).first().click()
    else if ('field' in step) await fieldOf(world, step.field).fill(step.text)
    else if ('offered' in step) await offer(world, step.offered, step.text)
    else if ('label' in step) {
      await choose(world, world.page.getByLabel(step.label, { exact: true }), step.option)
    } else await choose(world, fieldOf(world, step.select), step.option)
  }
}

function fieldOf({ page, part }: World, id: string): Locator {
  return (id.startsWith('#') ? page.locator(id) : part(id)).first()
}

async function offer(world: World, id: string, text: string): Promise<void> {
  await fieldOf(world, id).click()
  await world.page.keyboard.type(text)
  await world.page.locator('[data-testid="select-add-item"]:visible').waitFor()
  await world.page.keyboard.press('Enter')
}

async function choose({ page }: World, field: Locator, option: string): Promise<void> {
  await field.first().click()
  await page.locator(`button[value="${option}"]:visible`).first().click()
}

/** Sends the form that is shown and waits for the page that follows. */
export async function submit({ page }: World, after: RegExp): Promise<void> {
  await page.locator('[data-testid$="-form-submit"]:visible').click()
  await page.waitForURL(after)
  await page.waitForLoadState('networkidle')
}

/** Opens a list's only row's menu and takes a word of it. */
export async function takeFromMenu(world: World, word: string): Promise<void> {
  await world.part('row-actions-dropdown-trigger').first().click()
  await world.page.locator(`[data-testid="action-entity-${word}"]:visible`).click()
}

/** Deletes a list's only row, its name typed where that is asked for. */
export async function deleteRow(world: World): Promise<void> {
  await takeFromMenu(world, 'delete')
  const confirm = world.part('modal-action-button')
  await confirm.waitFor()
  const asked = world.part('confirmation-input')
  if ((await asked.count()) > 0) {
    const text = await world.page.locator('[aria-modal="true"]').textContent()
    await asked.fill(/Type\s*"\s*(.*?)\s*"\s*to confirm/.exec(text ?? '')?.[1] ?? '')
  }
  await confirm.click()
  await confirm.waitFor({ state: 'detached' })
  await world.page.waitForLoadState('networkidle')
}

/** What the detail's card shows as JSON. */
export async function shownJson(world: World): Promise<unknown> {
  await choose(world, fieldOf(world, 'select-config-format'), 'json')
  // The first block is the request's line; numbers of lines stand before the second's text.
  const text = (await world.part('highlighted-code-block').last().textContent()) ?? ''
  return JSON.parse(/\{[\s\S]*\}/.exec(text)?.[0] ?? '')
}

/** Asserts that nothing was refused and nothing complained of, and gives what was asked. */
export async function expectPeace(world: World) {
  const exchanges = await world.takeExchanges()
  const refused = exchanges.filter(({ status }) => status >= 400)
  const complaints = await world.takeComplaints()
  expect({ refused, complaints }).toEqual({ refused: [], complaints: [] })
  return exchanges
}
