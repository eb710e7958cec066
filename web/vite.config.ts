/**
 * How the web app is built: into web/dist, which every node serves (src/doors/http/web.ts). Nothing is inlined, so that the content policy needs no exception.
 *
 * `npx vite web` serves it from its sources, each change at once, and passes what is for the API on to the node at SKEIN_NODE, by default that of `npm start`.
 */

import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: {
    alias: {
      'skein/client': join(import.meta.dirname, '../src/client/browser.ts'),
      entities: join(import.meta.dirname, 'src/markdown/entities.ts'),
    },
  },
  server: { proxy: { '/api': { target: process.env['SKEIN_NODE'] ?? 'http://127.0.0.1:7400', ws: true, changeOrigin: true } } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
