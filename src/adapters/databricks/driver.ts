import { FftError } from '../../core/index.js'

export type Driver = typeof import('@databricks/sql')
export type Client = InstanceType<Driver['DBSQLClient']>
export type Session = Awaited<ReturnType<Client['openSession']>>
export type Operation = Awaited<ReturnType<Session['executeStatement']>>

let loading: Promise<Driver> | undefined

/** Loads the optional driver, once a process. Throws `driver-missing` with the install line. */
export function loadDriver(): Promise<Driver> {
  // Read by the driver whenever it would report what is done with it.
  process.env.DATABRICKS_TELEMETRY_DISABLED ??= '1'
  loading ??= import('@databricks/sql').catch((cause: unknown) => {
    loading = undefined
    throw new FftError('the driver for Databricks is not installed', {
      code: 'driver-missing',
      hint: 'npm install @databricks/sql@2.1.0',
      cause,
    })
  })
  return loading
}
