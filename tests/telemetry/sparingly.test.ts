/** Proves that a flood is one line a second, and that none of it is forgotten. */
import { expect, it } from 'vitest';
import { sparingly } from '../../services/telemetry/sparingly.ts';

it('says the first at once, then one a second with the number of those between', () => {
  const said: string[] = [];
  let nowMs = 5;
  const say = sparingly(
    (text) => said.push(text),
    () => nowMs,
  );
  for (const text of ['a', 'b', 'c']) say(text);
  nowMs += 999;
  say('d');
  nowMs += 1;
  say('e');
  nowMs += 1_000;
  say('f');
  expect(said).toEqual(['a', 'e (3 others since the last one)', 'f']);
});
