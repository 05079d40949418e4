/** Proves that a peer's line is either an answer or a failure that shows it. */
import { expect, it } from 'vitest';
import { parseAnswer } from '../../../services/bench/peers/answer.ts';

it.each([
  ['{"version": "2.9.0"}', { version: '2.9.0' }],
  ['{"ms": [1.5, 2]}', { ms: [1.5, 2] }],
  ['{"error": "No module named \'torch\'"}', { error: "No module named 'torch'" }],
])('%s is an answer', (line, answer) => {
  expect(parseAnswer(line)).toEqual(answer);
});

it.each(['', 'Warning: slow', '[1, 2]', '{"ms": ["1"]}', '{"ms": [0]}', '{"ms": [NaN]}', '{"version": "1", "ms": []}'])(
  '%j is none',
  (line) => {
    expect(() => parseAnswer(line)).toThrow(`it wrote what is no answer: '${line}'`);
  },
);
