export { chooseEngine, chooseEnvironment } from './active-profile.js'
export { type Budget, readBudgets } from './budgets.js'
export type { CdcConfig } from './cdc-config.js'
export { type Checked, check } from './check.js'
export { engineName } from './config-entries.js'
export {
  type EnforcedContract,
  enforcedContract,
  isEnforced,
  type RelationSettings,
  relationSettings,
} from './constraints.js'
export {
  type DeltaFileReading,
  type DeltaFiles,
  type FoundDeltaFile,
  findDeltaFile,
  readDeltaFile,
} from './delta-file.js'
export { type DeltaSkeleton, deltaSkeleton } from './delta-skeleton.js'
export { profileExample, show } from './diagnostics.js'
export { type EnvFile, envFileNames, type LayeredEnv, layerEnv } from './env-files.js'
export { type HistoryConfig, type HistoryNames, historyNameKeys, snapshotStrategy } from './history-config.js'
export { pendingKeys } from './model-keys.js'
export { budgetsSchema, packagesSchema, seedsSchema, selectorsSchema } from './other-schemas.js'
export { type PackageEntry, readPackages, satisfies } from './packages.js'
export { checkProfile, type RenderedProfile } from './profile.js'
export type { EngineName } from './profile-schema.js'
export { type CheckedProject, checkProject, type ProjectFolder } from './project-config.js'
export { checkProperties, type PropertiesFile } from './properties.js'
export { type Configured, type ResolvedConfig, resolveModelConfig } from './resolve-model-config.js'
export { secretValues } from './secrets.js'
export { checkSources, duplicateSources, type SourcesFile, sourcesInProperties } from './sources.js'
export * from './types.js'
export { readYaml, type YamlReading } from './yaml-file.js'
