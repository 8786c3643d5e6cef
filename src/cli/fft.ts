#!/usr/bin/env node
import { writeSync } from 'node:fs'
import * as module from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { version } from './version.js'

// Built as CommonJS, and the version told before anything is loaded: scripts ask for it often, and it should cost what
// starting Node costs.
const first = process.argv[2]
if (first === '--version' || first === '-V') writeSync(1, `${version}\n`)
else start()

function start(): void {
  // Node 22.1 and later.
  const { enableCompileCache } = module as { enableCompileCache?: () => void }
  enableCompileCache?.()
  // A short run gains more from less optimizing: V8 waits ten times longer. Known to this V8, and measured on it.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1400000')
  void import('./main.js').then(({ main }) => main())
}
