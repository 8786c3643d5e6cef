declare const FFT_PACKAGE_VERSION: string | undefined

/** fft's version; the bundler writes package.json's into it. */
export const version: string = typeof FFT_PACKAGE_VERSION === 'string' ? FFT_PACKAGE_VERSION : '0.0.0-dev'
