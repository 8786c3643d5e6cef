import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jarsFolder } from './cache.js'

/** The Java that runs Spark: of `JAVA_HOME`, else the one in the path. */
export function javaCommand(): string {
  const { JAVA_HOME } = process.env
  return JAVA_HOME ? join(JAVA_HOME, 'bin', 'java') : 'java'
}

export interface ServerOptions {
  /** A folder of the server's own: warehouse, logs, temporary files. */
  readonly folder: string
  /** 0: any free port. */
  readonly port: number
  /** The server ends statements that take longer: nobody may be left to do it. */
  readonly longestStatementSeconds?: number
}

/** The arguments of `java` for Spark's Thrift server over HTTP, tuned for small data and a quick start. */
export function javaArguments(options: ServerOptions): readonly string[] {
  const configuration = Object.entries(sparkConfiguration(options)).map(([key, value]) => `-D${key}=${value}`)
  const hive = Object.entries(hiveConfiguration(options)).flatMap(([key, value]) => ['--hiveconf', `${key}=${value}`])
  return [
    ...openedPackages.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    '-Djdk.reflect.useDirectMethodHandle=false',
    '-Dio.netty.tryReflectionSetAccessible=true',
    '-Duser.timezone=UTC',
    `-Djava.io.tmpdir=${options.folder}`,
    // The second compiler tier and generated code cost more than they save in a server of some minutes.
    ...['-Xmx1536m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'],
    // Of the default 48 MB Spark fills all but a little; Java then throws compiled code away and compiles it again, for ever.
    '-XX:ReservedCodeCacheSize=256m',
    ...['-cp', `${loggingFolder(options.folder)}:${jarsFolder()}/*`],
    ...configuration,
    'org.apache.spark.sql.hive.thriftserver.HiveThriftServer2',
    ...hive,
  ]
}

const openedPackages = [
  ...['java.lang', 'java.lang.invoke', 'java.lang.reflect', 'java.io', 'java.net', 'java.nio', 'java.util'],
  ...['java.util.concurrent', 'java.util.concurrent.atomic', 'jdk.internal.ref', 'sun.nio.ch', 'sun.nio.cs'],
  ...['sun.security.action', 'sun.util.calendar'],
]

function sparkConfiguration({ folder, longestStatementSeconds = 0 }: ServerOptions): Readonly<Record<string, string>> {
  return {
    'spark.master': 'local[2]',
    'spark.app.name': 'fft',
    'spark.ui.enabled': 'false',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.local.dir': folder,
    'spark.sql.catalogImplementation': 'in-memory',
    // The catalog forgets its tables with the server, so their files must not outlive it either.
    'spark.sql.warehouse.dir': join(folder, 'warehouse'),
    'spark.sql.extensions': 'io.delta.sql.DeltaSparkSessionExtension',
    'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.thriftServer.queryTimeout': `${longestStatementSeconds}s`,
    'spark.sql.shuffle.partitions': '1',
    // A VALUES of two rows would be two tasks and two files.
    'spark.sql.leafNodeDefaultParallelism': '1',
    'spark.databricks.delta.snapshotPartitions': '1',
    'spark.sql.adaptive.enabled': 'false',
    'spark.sql.codegen.wholeStage': 'false',
    'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
    // The defaults start a process for each file of a table's log.
    'spark.delta.logStore.file.impl': 'io.delta.storage.LocalLogStore',
    'spark.hadoop.fs.file.impl': 'com.globalmentor.apache.hadoop.fs.BareLocalFileSystem',
  }
}

function hiveConfiguration({ port }: ServerOptions): Readonly<Record<string, string>> {
  return {
    'hive.server2.transport.mode': 'http',
    'hive.server2.thrift.http.port': String(port),
    'hive.server2.thrift.http.path': 'cliservice',
    'hive.server2.thrift.bind.host': '127.0.0.1',
    'hive.server2.enable.doAs': 'false',
    'hive.server2.thrift.http.cookie.auth.enabled': 'false',
  }
}

/** What the server logs when it is ready; the group is its port. */
export const readyLine = /Started ThriftHttpCLIService in http mode on port (\d+)/

function loggingFolder(folder: string): string {
  const conf = join(folder, 'conf')
  mkdirSync(conf, { recursive: true })
  writeFileSync(join(conf, 'log4j2.properties'), logging)
  return conf
}

const logging = `rootLogger.level = warn
rootLogger.appenderRef.c.ref = c
appender.c.type = Console
appender.c.name = c
appender.c.target = SYSTEM_ERR
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = %p %c{1}: %m%n
logger.t.name = org.apache.hive.service.cli.thrift
logger.t.level = info
`
