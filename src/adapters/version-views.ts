import type { ApplyInput, Column } from './types.js'
import { ownNames, type Version, type VersionWords, versionColumns } from './versions.js'

/** The SELECTs of the views beside a history. */
export interface VersionViews {
  /** The versions that are valid now. */
  readonly current: string
  /** All versions, neighbours that differ in nothing but their time as one. */
  readonly history: string
}

// Names that no user has.
const [first, group, end] = ['__fft_first', '__fft_group', '__fft_end']

/** What `views: true` keeps beside a history. */
export function versionViews(words: VersionWords, input: ApplyInput, change: Version, target: string): VersionViews {
  const { quote } = words
  const { names } = change
  const [from, to] = [quote(names.validFrom), quote(names.validTo)]
  const live = names.isDeleted === undefined ? '' : ` and not ${quote(names.isDeleted)}`
  const columns = versionColumns(input, change).map(quote).join(', ')
  const key = change.key.map(quote).join(', ')
  const inOrder = `over (partition by ${key} order by ${from})`
  const same = comparedColumns(input, change).map((column) =>
    words.equalTo(column, `lag(${quote(column.name)}) ${inOrder}`, quote(column.name)),
  )
  const isNext = [`lag(${to}) ${inOrder} = ${from}`, ...same].join(' and ')
  const marked = `select *, case when ${isNext} then 0 else 1 end as ${first} from ${target}`
  const grouped = `select *, sum(${first}) over (partition by ${key} order by ${from} rows unbounded preceding) as ${group} from (${marked}) as marked`
  const ended = `select *, last_value(${to}) over (partition by ${key}, ${group} order by ${from} rows between unbounded preceding and unbounded following) as ${end} from (${grouped}) as grouped`
  const shown = versionColumns(input, change).map((name) => {
    if (name === names.validTo) return `${end} as ${to}`
    return name === names.isCurrent ? `${end} is null as ${quote(name)}` : quote(name)
  })
  return {
    current: `select ${columns} from ${target} where ${to} is null${live}`,
    history: `select ${shown.join(', ')} from (${ended}) as ended where ${first} = 1`,
  }
}

function comparedColumns({ targetColumns }: ApplyInput, { key, updatedAt, names }: Version): readonly Column[] {
  const own = names.isDeleted === undefined ? [] : [{ name: names.isDeleted, type: 'boolean' }]
  const isValue = ({ name }: Column) => !key.includes(name) && name !== updatedAt && !ownNames(names).includes(name)
  return [...targetColumns.filter(isValue), ...own]
}
