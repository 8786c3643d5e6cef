import type { CdcConfig, IncrementalConfig } from '../../config/index.js'
import type { Diagnostic } from '../../core/index.js'
import type { ModelNode } from '../../parse/index.js'
import { planDiagnostic } from '../diagnostics.js'

type Key = 'op' | 'sequence' | 'ts' | 'column'

/** What each format has to be told, and what it has itself. */
const formats: Readonly<Record<'raw' | 'json', { readonly needs: readonly Key[]; readonly foreign: readonly Key[] }>> =
  {
    raw: { needs: ['op', 'sequence'], foreign: ['column'] },
    json: { needs: ['column'], foreign: ['op', 'ts'] },
  }

/** Whether a model of change events says where they have what. */
export function checkEventConfig({ placed }: ModelNode, { cdc }: IncrementalConfig): readonly Diagnostic[] {
  if (cdc === undefined) return []
  const { format } = cdc
  const place = placed.placeOf('cdc')
  const { needs, foreign } = formats[format === 'raw' ? 'raw' : 'json']
  const missing = needs.filter((key) => !isSet(cdc, key))
  return [
    ...(missing.length === 0 ? [] : [planDiagnostic('cdc-needs', { format, needs: missing }, place)]),
    ...foreign.filter((key) => isSet(cdc, key)).map((key) => planDiagnostic('cdc-foreign', { format, key }, place)),
  ]
}

function isSet(cdc: CdcConfig, key: Key): boolean {
  return key === 'sequence' ? cdc.sequence.length > 0 : cdc[key] !== undefined
}
