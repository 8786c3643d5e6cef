import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deltaVersion, isSparkInstalled, jarsFolder, sparkCache, sparkVersion } from './cache.js'
import { javaCommand } from './command-line.js'

const pom = fileURLToPath(new URL('pom.xml', import.meta.url))

/**
 * Fetches Spark's jars from PyPI's source package of pyspark (the only place that has the Thrift server) and Delta's from
 * Maven, some 450 MB. They are unpacked aside and renamed, so a half-filled folder is never used. Throws an error that
 * lists what the machine lacks.
 */
export function installSpark(log: (line: string) => void): void {
  if (isSparkInstalled()) {
    log(`Spark ${sparkVersion} with Delta ${deltaVersion} is there: ${jarsFolder()}`)
    return
  }
  const missing = missingTools()
  if (missing.length > 0) throw new Error(`Spark cannot be fetched yet:\n${missing.join('\n')}`)
  const began = Date.now()
  mkdirSync(sparkCache(), { recursive: true })
  const aside = mkdtempSync(join(sparkCache(), 'new-'))
  try {
    fetchSpark(aside, log)
    log(`fetching Delta ${deltaVersion} from Maven`)
    run('mvn', ['-q', '-B', '-ntp', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${aside}`])
    putInPlace(aside)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  const jars = readdirSync(jarsFolder()).length
  log(`${jars} jars in ${jarsFolder()}, fetched in ${((Date.now() - began) / 1000).toFixed(0)} s`)
}

function fetchSpark(into: string, log: (line: string) => void): void {
  log(`fetching pyspark ${sparkVersion} (455 MB) with pip`)
  const archive = join(into, `pyspark-${sparkVersion}.tar.gz`)
  const quiet = ['-q', '--disable-pip-version-check', '--no-deps', '--no-cache-dir']
  run('python3', ['-m', 'pip', 'download', ...quiet, `pyspark==${sparkVersion}`, '-d', into])
  log('unpacking its jars')
  const excluded = unused.flatMap((name) => ['--exclude', `*/jars/${name}*`])
  // BSD's tar knows patterns without being told.
  const patterns = spawnSync('tar', ['--version'], { encoding: 'utf8' }).stdout.includes('GNU') ? ['--wildcards'] : []
  run('tar', ['-xzf', archive, '-C', into, '--strip-components=3', ...excluded, ...patterns, '*/deps/jars/*'])
  rmSync(archive)
}

/** Jars that no test and no demo opens; a third of the size. */
const unused = [
  ...['rocksdbjni', 'kubernetes-', 'spark-connect_', 'spark-kubernetes', 'spark-yarn', 'spark-graphx', 'spark-repl'],
  ...['spark-streaming_', 'breeze', 'spire', 'cats-', 'netty-codec-native-quic', 'netty-tcnative', 'vertx-'],
  ...['JTransforms', 'scala-compiler', 'curator-', 'zookeeper', 'jersey-', 'jline', 'lapack', 'arpack', 'leveldbjni'],
  ...['tink', 'jaxb', 'avro-mapred', 'hive-beeline'],
]

function putInPlace(aside: string): void {
  try {
    renameSync(aside, jarsFolder())
  } catch (error) {
    // Another process was faster.
    if (!existsSync(jarsFolder())) throw error
  }
}

function missingTools(): readonly string[] {
  const java = spawnSync(javaCommand(), ['-version'], { encoding: 'utf8' })
  const version = Number(/version "(\d+)/.exec(`${java.stderr ?? ''}${java.stdout ?? ''}`)?.[1] ?? 0)
  const found = version === 0 ? 'no Java is there' : `this is Java ${version}`
  const javaFix = 'apt install openjdk-17-jre-headless, or brew install openjdk@17; JAVA_HOME chooses one'
  return [
    ...(version === 17 || version === 21 ? [] : [`- Java 17 or 21 (${found}): ${javaFix}`]),
    ...(succeeds('python3', ['-m', 'pip', '--version']) ? [] : ["- Python's pip: apt install python3-pip"]),
    ...(succeeds('mvn', ['-v']) ? [] : ['- Maven: apt install maven, or brew install maven']),
  ]
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

function run(command: string, args: readonly string[]): void {
  // Progress belongs on stderr: stdout is for what a caller reads.
  execFileSync(command, args, { stdio: ['ignore', 2, 2] })
}
