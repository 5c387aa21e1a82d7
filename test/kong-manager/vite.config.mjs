// Not loaded by the project's own vitest: this builds the host app of Kong Manager's parts alone.
export default {
  // Kong Manager's own build has the same, and who serves it puts the path in.
  base: '/__km_base__/',
  define: { 'process.env.development': 'false', __VUE_OPTIONS_API__: 'true' },
  build: { outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 100_000, minify: false },
}
