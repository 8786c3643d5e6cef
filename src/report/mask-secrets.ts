/** The text with every secret replaced by `***`. Secrets of fewer than 4 characters are left: they are in every word. */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  let masked = text
  // Long ones first: a secret may be part of another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length < 4) continue
    for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])) {
      masked = masked.replaceAll(form, '***')
    }
  }
  return masked
}
