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
  'file-without-effect': (p: { readonly what: string }): DiagnosticText => ({
    message: p.what,
    hint: 'the file is checked, and nothing follows from it',
    severity: 'warning',
  }),
  'duplicate-properties': (p: { readonly kind: string; readonly name: string }): DiagnosticText => ({
    message: `${p.kind} '${p.name}' has properties in two places`,
    hint: 'keep one of them',
  }),
  'env-var-missing': (p: { readonly name: string }): DiagnosticText => ({
    message: `the environment variable '${p.name}' is not set`,
    hint: `set it, put it into a .env file, or give a default: env_var('${p.name}', 'default')`,
  }),
})
