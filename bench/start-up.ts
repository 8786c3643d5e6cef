/** Measures what starting `fft` costs beside starting Node, as whole processes. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../dist/fft.cjs', import.meta.url))
const runs = 30

const cases: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'fft --version': [command, '--version'],
  'fft --help': [command, '--help'],
}

const times = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as number[]]))
// In turns, so that a busy moment of the machine hits all of them alike.
for (let run = 0; run < runs; run++) {
  for (const [name, args] of Object.entries(cases)) {
    const start = process.hrtime.bigint()
    spawnSync(process.execPath, args)
    times[name]?.push(Number(process.hrtime.bigint() - start) / 1e6)
  }
}

const floor = median(times['node -e 0'] ?? [])
for (const [name, list] of Object.entries(times)) {
  const middle = median(list)
  const least = Math.min(...list)
  console.log(
    `${name.padEnd(14)} min ${least.toFixed(1)} ms  median ${middle.toFixed(1)} ms  × ${(middle / floor).toFixed(2)}`,
  )
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
}
