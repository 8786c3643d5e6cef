import { tmpdir } from 'node:os'
import { emptyNode, fft, measure } from './measure.js'
import { type Bench, ratio } from './rows.js'

/** What starting `fft` costs beside starting Node. */
export const startUp: Bench = async (rounds) => {
  const costs = measure(
    { empty: emptyNode, version: fft(tmpdir(), '--version'), help: fft(tmpdir(), '--help') },
    rounds * 3,
  )
  return [
    ratio('fft --version : node -e 0', costs.version, costs.empty, 1.2),
    ratio('fft --help : node -e 0', costs.help, costs.empty),
  ]
}
