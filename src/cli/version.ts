declare const FFT_PACKAGE_VERSION: string | undefined
declare const FFT_BUILD_ID: string | undefined

/** fft's version; the bundler writes package.json's into it. */
export const version: string = typeof FFT_PACKAGE_VERSION === 'string' ? FFT_PACKAGE_VERSION : '0.0.0-dev'

/** Two builds of one version differ by it when their code does. */
export const buildId: string = typeof FFT_BUILD_ID === 'string' ? FFT_BUILD_ID : 'source'
