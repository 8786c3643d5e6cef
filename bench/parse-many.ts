import { fft, measure, peak } from './measure.js'
import { createProject, layeredModels, remove } from './projects.js'
import { type Bench, type Row, ratio } from './rows.js'

/** How time and memory grow from 1,000 models to 5,000. */
export const parseMany: Bench = async (rounds) => {
  const cold = (count: number) => {
    const project = createProject(`models-${count}`, layeredModels(count))
    return { ...fft(project, 'compile'), before: () => remove(project, 'target') }
  }
  const costs = measure({ thousand: cold(1000), five: cold(5000) }, rounds)
  const memory: Row = {
    what: 'compile of 5,000 models: peak memory',
    values: costs.five.map(peak),
    unit: 'MB',
    bar: { atMost: 400 },
  }
  return [ratio('compile of 5,000 models : of 1,000', costs.five, costs.thousand, 5.5), memory]
}
