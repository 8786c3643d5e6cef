import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The pair that the tests and the demo run on: the newest whose SQL comes near to Databricks'. */
export const sparkVersion = '4.1.1'
export const deltaVersion = '4.4.0'

/** The command that fetches what is missing. */
export const installCommand = 'npm run spark:install'

/** Where Spark's jars are kept, outside the checkout: `FFT_SPARK_CACHE`, else the user's cache folder. */
export function sparkCache(): string {
  const { FFT_SPARK_CACHE, XDG_CACHE_HOME } = process.env
  return FFT_SPARK_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'fastflowtransform', 'spark')
}

/** The folder of the jars; its name says what is in it, so that another pair never meets old jars. */
export function jarsFolder(): string {
  return join(sparkCache(), `spark-${sparkVersion}-delta-${deltaVersion}`)
}

/** The folder appears only when it is complete. */
export function isSparkInstalled(): boolean {
  return existsSync(jarsFolder())
}
