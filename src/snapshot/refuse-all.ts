import { UNEXPECTED } from '../pdk/exit.ts'
import type { Hooks } from '../pdk/hooks.ts'

/** Stands for a plugin that cannot be opened: what it was to guard is not let through unguarded. */
export const refuseAll: Hooks = {
  access: () => UNEXPECTED,
  preread: () => ({ status: 500, said: new Uint8Array() }),
}
