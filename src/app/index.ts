export { EventLog } from './event-log.js'
export type * from './options.js'
