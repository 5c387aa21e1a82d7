import { defineConfig } from 'vitest/config'

const common = {
  exclude: ['**/node_modules/**', 'test/runtimes/**'],
  testTimeout: 20_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    // One more than runs on a machine of two by itself: most black-box tests wait for somebody.
    maxWorkers: 2,
    projects: [
      // The core keeps nothing outside of what it is handed, so its tests may share a process: the
      // same modules are not loaded anew for each of some hundred files.
      { test: { ...common, name: 'core', include: ['src/**/*.test.ts'], isolate: false } },
      {
        test: {
          ...common,
          name: 'whole',
          include: ['adapters/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
        },
      },
    ],
  },
})
