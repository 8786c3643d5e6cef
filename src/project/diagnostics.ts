import { profileExample } from '../config/index.js'
import { type DiagnosticText, diagnosticsOf } from '../core/index.js'

/** The faults of a project folder. */
export const diagnostic = diagnosticsOf({
  'project-folder-missing': (p: { readonly dir: string }): DiagnosticText => ({
    message: `there is no folder ${p.dir}`,
    hint: 'name the project folder with --project DIR, or make a new project: fft init DIR',
  }),
  'project-missing': (p: { readonly dir: string }): DiagnosticText => ({
    message: `${p.dir} is no fft project: it has no project.yml`,
    hint: 'go to the project folder, name it with --project DIR, or make a new project: fft init DIR',
  }),
  'profile-missing': (p: { readonly path: string }): DiagnosticText => ({
    message: `there is no ${p.path}, so fft does not know which warehouse to use`,
    hint: profileExample,
  }),
  'models-dir-missing': (p: { readonly dir: string }): DiagnosticText => ({
    message: `models_dir names '${p.dir}', but the project has no such folder`,
    hint: 'make the folder, or correct models_dir',
  }),
  'no-model-file': (p: { readonly path: string }): DiagnosticText => ({
    message: `${p.path} is no model: models are *.ff.sql and *.ff.ts files`,
    hint: p.path.endsWith('.py')
      ? `write it in TypeScript, as ${p.path.replace(/(\.ff)?\.py$/, '.ff.ts')}`
      : `rename it to ${p.path.replace(/\.sql$/, '.ff.sql')}, or move it to macros/ if it holds macros`,
    severity: 'warning',
  }),
  'duplicate-properties': (p: { readonly kind: string; readonly name: string }): DiagnosticText => ({
    message: `${p.kind} '${p.name}' has properties in two places`,
    hint: 'keep one of them',
  }),
  'package-missing': (p: { readonly path: string }): DiagnosticText => ({
    message: `there is no folder '${p.path}' with a package`,
    hint: 'correct the path; it counts from the project folder',
  }),
  'package-no-project': (p: { readonly path: string }): DiagnosticText => ({
    message: `'${p.path}' is no package: it has no project.yml`,
    hint: 'a package is a project of its own, with name and version',
  }),
  'package-name-differs': (p: { readonly given: string | undefined; readonly name: string }): DiagnosticText => ({
    message: `the package '${p.given}' calls itself '${p.name}'`,
    hint: `write name: ${p.name}`,
  }),
  'package-version': (p: {
    readonly name: string
    readonly version: string
    readonly wanted: string
  }): DiagnosticText => ({
    message: `the package '${p.name}' has version ${p.version}, which is not among '${p.wanted}'`,
    hint: 'take another version of the package, or correct the constraint',
  }),
  'package-lock-stale': (p: {
    readonly name: string
    readonly version: string
    readonly locked: string | undefined
  }): DiagnosticText => ({
    message:
      p.locked === undefined
        ? `the package '${p.name}' is not in the lock file`
        : `the package '${p.name}' has version ${p.version}; locked is ${p.locked}`,
    hint: 'run fft deps to lock what is there',
    severity: 'warning',
  }),
  'package-dependency': (p: { readonly name: string; readonly needs: string }): DiagnosticText => ({
    message: `the package '${p.name}' needs the package '${p.needs}', which the project does not list in that version`,
    hint: 'add it to packages.yml',
  }),
  'package-twice': (p: { readonly name: string }): DiagnosticText => ({
    message: `the package '${p.name}' is listed twice`,
    hint: 'remove one of the two',
  }),
  'package-models-missing': (p: { readonly name: string; readonly dir: string }): DiagnosticText => ({
    message: `the package '${p.name}' has no folder '${p.dir}'`,
    hint: 'correct models_dir, or make the folder',
  }),
  'env-var-missing': (p: { readonly name: string }): DiagnosticText => ({
    message: `the environment variable '${p.name}' is not set`,
    hint: `set it, put it into a .env file, or give a default: env_var('${p.name}', 'default')`,
  }),
})
