import { type DeltaFiles, deltaSkeleton, readYaml, type ValuePath, type YamlFile } from '../config/index.js'
import { type Relation, sqlText } from '../core/index.js'
import type { Project } from '../project/index.js'
import { parseTemplate } from '../template/index.js'
import { placeholderRelation, type TemplateContext } from './context.js'
import { type Recorded, recordRendering } from './record.js'

/**
 * The delta files of a project as one model sees them: statements between the keys are carried out, and settings that
 * are templates are rendered, in the model's context. SQL is rendered later, when relations are known.
 */
export function deltaFilesOf(
  project: Project,
  model: string,
  context: TemplateContext,
  recorded: Recorded,
): DeltaFiles {
  const self = placeholderRelation(context.facts, model)
  const render = (text: TemplateText) => rendered({ text, self, context, recorded })
  return {
    keys: () => project.deltaFiles.keys(),
    get: (path) => {
      const file = project.deltaFiles.get(path)
      if (file === undefined) return undefined
      const skeleton = deltaSkeleton(file.text)
      const { yaml, diagnostics } =
        skeleton === undefined
          ? // What is wrong with plain YAML was told when the project was read.
            { yaml: readYaml(file.path, file.text).yaml, diagnostics: [] }
          : skeleton.read(file.path, render({ file: file.path, text: skeleton.template }))
      return { yaml: yaml && settingsRendered(yaml, render), diagnostics }
    },
  }
}

type TemplateText = Parameters<typeof parseTemplate>[0]

// SQL, whose references have their relations later.
const sqlKeys = new Set(['sql', 'delta_sql', 'predicates', 'incremental_predicates', 'update_when', 'deletes'])

function settingsRendered(yaml: YamlFile, render: (text: TemplateText) => string): YamlFile {
  const { value } = yaml
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return yaml
  const entries = Object.entries(value).map(
    ([key, item]) => [key, sqlKeys.has(key) ? item : settingOf(item, [key])] as const,
  )
  return { ...yaml, value: Object.fromEntries(entries) }

  function settingOf(item: unknown, path: ValuePath): unknown {
    if (Array.isArray(item)) return item.map((each, index) => settingOf(each, [...path, index]))
    if (typeof item !== 'string' || !/\{[{%]/.test(item)) return item
    return typed(render(yaml.textAt(path) ?? { file: yaml.file, text: item }).trim())
  }
}

/** Templates give text; a number or a flag is meant as such. */
function typed(text: string): unknown {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text)
  return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text
}

interface Rendering {
  readonly text: TemplateText
  readonly self: Relation
  readonly context: TemplateContext
  readonly recorded: Recorded
}

function rendered({ text, self, context, recorded }: Rendering): string {
  const { template, diagnostics } = parseTemplate(text)
  recorded.diagnostics.push(...diagnostics)
  if (template === undefined) return ''
  return sqlText(recordRendering({ template, context, self, isIncremental: true }, recorded))
}
