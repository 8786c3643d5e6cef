import { expect, test } from 'vitest'
import { buildJunit, type NodeResult } from './index.js'

test('a JUnit report has a case per node, and counts failures, errors and skipped nodes', () => {
  const result = (name: string, rest: Partial<NodeResult>): NodeResult => ({
    uniqueId: `test.shop.${name}.0123456789`,
    name,
    status: 'pass',
    durationMs: 1500,
    ...rest,
  })
  const results = [
    result('a', {}),
    result('b', { status: 'fail', message: '2 failures', failures: 2 }),
    result('c', { status: 'error', message: 'no "x" <y>\u0007' }),
    result('d', { status: 'skipped', message: 'parent failed', durationMs: 0 }),
    result('e', { status: 'warn', message: 'careful' }),
  ]
  const meta = {
    command: 'test',
    startedAt: new Date(0),
    elapsedMs: 2000,
    failureText: (id: string) => (id.includes('.b.') ? 'rows & all' : undefined),
  }
  expect(buildJunit(results, meta)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="fft test" tests="5" failures="1" errors="1" skipped="1" time="2.000">
  <testsuite name="fft test" tests="5" failures="1" errors="1" skipped="1" time="2.000" timestamp="1970-01-01T00:00:00">
    <testcase name="a" classname="test.shop" time="1.500"/>
    <testcase name="b" classname="test.shop" time="1.500">
      <failure message="2 failures">rows &amp; all</failure>
    </testcase>
    <testcase name="c" classname="test.shop" time="1.500">
      <error message="no &quot;x&quot; &lt;y&gt;\ufffd">no &quot;x&quot; &lt;y&gt;\ufffd</error>
    </testcase>
    <testcase name="d" classname="test.shop" time="0.000">
      <skipped message="parent failed"/>
    </testcase>
    <testcase name="e" classname="test.shop" time="1.500">
      <system-out>careful</system-out>
    </testcase>
  </testsuite>
</testsuites>
`)
})
