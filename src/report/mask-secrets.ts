/** A line of `profiles.yml` or `.env` as it may be shown beside an error: values of secret keys are hidden. */
export function hideSecretSettings(file: string, text: string): string {
  if (!/(?:^|\/)(?:profiles\.ya?ml|\.env[^/]*)$/.test(file)) return text
  return text.replace(secretSetting, '$1***').replace(/(:\/\/)[^\s:@/]*:[^\s@/]+@/g, '$1***@')
}

// A template is no secret itself, and has to be seen to be corrected.
const secretSetting =
  /((?:^|[\s{,])["']?[\w-]*(?:pas+w|pwd|secret|token|credential|_key|dsn)[\w-]*["']?[ \t]*[:=][ \t]*)(?!["']?\{\{)(?:"[^"\n]*"?|'[^'\n]*'?|[^,}\n#]+)/gim

/**
 * The text with every secret replaced by `***`. A short one made of letters or digits alone is hidden where it stands by
 * itself: inside another word it is chance. Secrets of fewer than 4 characters are left.
 */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  let masked = text
  // Long ones first: a secret may be part of another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length < 4) continue
    for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])) {
      masked = masked.replaceAll(isWord(form) ? new RegExp(`(?<![\\w-])${form}(?![\\w-])`, 'g') : form, '***')
    }
  }
  return masked
}

function isWord(secret: string): boolean {
  return /^(?:[A-Za-z]{4,11}|[0-9]{4,8})$/.test(secret)
}
