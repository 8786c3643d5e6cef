const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const zero = /\p{Mn}|\p{Me}|\p{Cf}/u

/** How many terminal cells a text without color codes takes: East Asian characters and emoji two. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += cells(character)
  return width
}

/** Pads with spaces to a number of cells. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text
}

/** Cuts a text to a number of cells, `…` at the end when something is cut. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let result = ''
  let left = width - 1
  for (const character of text) {
    left -= cells(character)
    if (left < 0) break
    result += character
  }
  return `${result}…`
}

function cells(character: string): number {
  if (zero.test(character)) return 0
  return wide.test(character) ? 2 : 1
}
