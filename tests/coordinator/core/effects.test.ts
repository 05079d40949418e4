/**
 * Proves the order that `Effect` promises: a run is durable before anybody acts on it, roads are cut before members are
 * told to stop and open before they are told to train, and people are told last.
 */
import { describe, expect, it } from 'vitest';
import { Scenario, training } from './scenario.ts';

describe('the effects', () => {
  it('of a launch', () => {
    expect(new Scenario().launch('r').lines).toEqual(['persist r', 'publish queued', 'publish queued']);
  });

  it('of a gang start', () => {
    const story = new Scenario().launch('r', { workers: 2 }).join('a', 'b');
    expect(story.lines).toEqual([
      'persist r',
      'open r#1',
      'send assignment to a',
      'send assignment to b',
      'publish starting',
      'publish membership',
    ]);
  });

  it('of the last worker that becomes ready', () => {
    expect(training(['a', 'b']).lines).toEqual(['persist r', 'send begin to a', 'send begin to b', 'publish running']);
  });

  it('of a lost worker', () => {
    expect(training(['a', 'b']).leave('b').lines).toEqual([
      'persist r',
      'close r',
      'send halt to a',
      'count workerLost',
      'publish waiting',
      'publish membership',
    ]);
  });

  it('of a lost worker whose run pauses: its new generation is durable too', () => {
    const story = training(['a', 'b']).pause().leave('b');
    expect(story.lines).toEqual(['persist r', 'close r', 'send halt to a', 'count workerLost', 'publish membership']);
  });

  it('of a lost worker whose place is taken at once', () => {
    const story = training(['a']).join('spare').leave('a');
    expect(story.lines).toEqual([
      'persist r',
      'close r',
      'open r#3',
      'send assignment to spare',
      'count workerLost',
      'publish waiting',
      'publish membership',
      'publish starting',
      'publish membership',
    ]);
  });

  it('of a silent worker: its session ends first, and nothing is sent to it', () => {
    const story = training(['a', 'b']);
    story.nowMs += 6_000;
    expect(
      story
        .beat('a')
        .tickAfter(0)
        .lines.filter((line) => !line.startsWith('publish')),
    ).toEqual(['persist r', 'end b', 'close r', 'send halt to a', 'count workerLost']);
  });

  it('of a pause, from the request to its end', () => {
    const story = training(['a']).pause();
    expect(story.lines).toEqual(['persist r', 'send halt to a', 'publish pausing']);
    expect(story.held('a', 5).lines).toEqual(['close r', 'send collectState to a']);
    expect(story.stored(5).lines).toEqual(['persist r', 'close r', 'send release to a', 'publish paused']);
  });

  it('of a checkpoint while training goes on', () => {
    expect(training(['a']).stored(5).lines).toEqual(['persist r']);
  });

  it('of an end that frees a worker for the next run', () => {
    const story = training(['a'], { phases: 1 }).launch('next').report('a', 0).stored(1);
    expect(story.lines).toEqual([
      'persist r',
      'persist next',
      'close r',
      'send release to a',
      'open next#1',
      'send assignment to a',
      'publish completed',
      'publish starting',
      'publish membership',
    ]);
  });
});
