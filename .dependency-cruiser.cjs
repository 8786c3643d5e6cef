/**
 * The import rules: which folder may import which, and only through its index.ts. The table of CONTRIBUTING.md, as a
 * program reads it. Run by test/architecture/imports.test.ts and `npm run check`.
 */
const mayImport = {
  core: [],
  config: ['core'],
  template: ['core'],
  project: ['core', 'config', 'template'],
  parse: ['core', 'config', 'template', 'project'],
  graph: ['core', 'config', 'parse'],
  compile: ['core', 'config', 'template', 'project', 'parse', 'graph'],
  adapters: ['core', 'config'],
  code: ['core', 'config', 'adapters'],
  plan: ['core', 'config', 'graph', 'compile', 'adapters'],
  execute: ['core', 'config', 'compile', 'plan', 'adapters', 'code'],
  report: ['core', 'compile', 'execute'],
  app: [
    'core',
    'config',
    'template',
    'project',
    'parse',
    'graph',
    'compile',
    'adapters',
    'code',
    'plan',
    'execute',
    'report',
  ],
  cli: ['core', 'app', 'report'],
}

/** Values of these folders arrive as arguments, so their types may be named; nothing of them may be called. */
const mayImportTypes = { parse: ['adapters'], plan: ['parse'] }

const folders = Object.keys(mayImport)
const tests = '\\.test\\.ts$'
const pure = '^src/(core|template|parse|graph|compile|plan|report)/|^src/adapters/[^/]+/dialect\\.ts$'
/** What engines have in common, in folders of their own. */
const shared = '^src/adapters/seeds/'
const drivers = {
  duckdb: ['^node_modules/@duckdb/'],
  postgres: ['^node_modules/pg/', '^node_modules/pg-'],
  databricks: ['^node_modules/@databricks/'],
}

module.exports = {
  forbidden: [
    ...folders.map((folder) => ({
      name: `${folder}-imports`,
      comment: `${folder}/ may import only: ${mayImport[folder].join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: tests },
      to: { path: '^src/', pathNot: pathsOf(folder, ...mayImport[folder], ...(mayImportTypes[folder] ?? [])) },
    })),
    ...Object.entries(mayImportTypes).map(([folder, others]) => ({
      name: `${folder}-types`,
      comment: `${folder}/ may import the types of ${others.join(', ')} alone`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: tests },
      to: { path: pathsOf(...others), dependencyTypesNot: ['type-only'] },
    })),
    ...folders.map((folder) => ({
      name: `${folder}-through-index`,
      comment: `import ${folder}/ through its index.ts`,
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/${folder}/`, tests] },
      to: { path: `^src/${folder}/`, pathNot: entriesOf(folder) },
    })),
    {
      name: 'engine-folders',
      comment: 'an engine folder is loaded by adapters/index.ts alone',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/adapters/(index|registry|engines|local-seeds)\\.ts$', '^src/adapters/([^/]+)/', tests],
      },
      to: { path: '^src/adapters/[^/]+/' },
    },
    {
      name: 'engines-apart',
      comment: 'no engine imports another one',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/.' },
      to: { path: '^src/adapters/([^/]+)/.', pathNot: ['^src/adapters/$1/', shared] },
    },
    ...Object.entries(drivers).map(([engine, packages]) => ({
      name: `${engine}-driver`,
      comment: `the driver of ${engine} is imported in src/adapters/${engine}/ alone`,
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/adapters/${engine}/`, tests] },
      to: { path: packages },
    })),
    {
      name: 'dialects-without-driver',
      comment: 'a dialect is text: it imports no driver',
      severity: 'error',
      from: { path: '^src/adapters/[^/]+/dialect\\.ts$' },
      to: { path: Object.values(drivers).flat() },
    },
    {
      name: 'pure-stages',
      comment: 'a pure stage reads no files, clock, network or environment: take the value as an argument',
      severity: 'error',
      from: { path: pure, pathNot: tests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|path|path/posix|util)$' },
    },
    {
      name: 'files',
      comment: 'files are read in project, code, adapters, app and cli alone',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(project|code|adapters|app|cli)/', tests] },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|fs/promises)$' },
    },
    {
      name: 'core-has-no-packages',
      severity: 'error',
      from: { path: '^src/core/', pathNot: tests },
      to: { path: '^node_modules/' },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}

function pathsOf(...names) {
  return names.map((name) => `^src/${name}/`)
}

/**
 * The public files of a folder: its index; of code/ also the part that models import; of app/ each command, as the
 * command line loads one of them.
 */
function entriesOf(folder) {
  if (folder === 'app') return ['^src/app/[a-z-]+\\.ts$']
  return folder === 'code' ? ['^src/code/(index|api)\\.ts$'] : [`^src/${folder}/index\\.ts$`]
}
