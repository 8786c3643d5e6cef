import { emptyNode, fft, measure } from './measure.js'
import { createProject, layeredModels, remove } from './projects.js'
import { type Bench, ratio } from './rows.js'

/** Reading 1,000 models, with and without what the last command left, beside starting Node. */
export const parse: Bench = async (rounds) => {
  const project = createProject('parse', layeredModels(1000))
  const before = () => remove(project, 'target')
  const costs = measure(
    {
      empty: emptyNode,
      compile: { ...fft(project, 'compile'), before },
      cold: { ...fft(project, 'ls'), before },
      warm: fft(project, 'ls'),
    },
    rounds,
  )
  return [
    ratio('ls of 1,000 models, cold : node -e 0', costs.cold, costs.empty, 16),
    ratio('ls of 1,000 models, warm : node -e 0', costs.warm, costs.empty, 4),
    ratio('compile of 1,000 models, cold : node -e 0', costs.compile, costs.empty, 22),
  ]
}
