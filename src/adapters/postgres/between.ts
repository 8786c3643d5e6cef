/** The column whose result ends the results of one of several statements that were sent together. */
export const endMark = '__fft_end'

/** Stands behind each of them; the line break ends a comment. */
export const between = `\n;select null as ${endMark};\n`
