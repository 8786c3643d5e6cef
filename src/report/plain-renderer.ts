import type { Renderer, RendererIo } from './renderer.js'
import { Transcript } from './transcript.js'

/** Plain lines: for logs, files and pipes. */
export function plainRenderer(io: RendererIo): Renderer {
  const transcript = new Transcript(io)
  const write = (text: string): void => {
    if (text !== '') io.write(text)
  }
  return {
    emit: (event) => write(transcript.textOf(event)),
    clear: () => undefined,
    close: () => write(transcript.rest()),
  }
}
