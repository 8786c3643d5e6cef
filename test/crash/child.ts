import { type ResourceType, text } from '../../src/core/index.js'
import { openRunner } from '../support/stage-runner.js'
import { watched } from './watched.js'

/** What the parent asks for: run this project once and die at that call, before or after it. */
export interface Order {
  readonly dir: string
  readonly types: readonly ResourceType[]
  readonly fullRefresh: boolean
  readonly call: number
  readonly when: 'before' | 'after'
}

// A child is started ahead of time and waits for its order, so that its start does not count.
process.once('message', (order: Order) => void obey(order))
process.send?.('ready')

async function obey({ dir, types, fullRefresh, call, when }: Order): Promise<void> {
  let isOn = false
  const die = (number: number) => {
    if (number === call) process.kill(process.pid, 'SIGKILL')
  }
  const watch = when === 'before' ? { before: die } : { after: die }
  const runner = await openRunner(dir, (warehouse) => watched(warehouse, { ...watch, isOn: () => isOn }), types)
  await settle()
  isOn = true
  await runner.run({ fullRefresh })
  await runner.close()
  // It lived: there is no such call.
  process.exit(3)

  async function settle(): Promise<void> {
    const connection = await runner.warehouse.connect()
    await connection.query(text('select 1'))
    await connection.close()
  }
}
