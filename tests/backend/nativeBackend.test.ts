/** Proves that TensorFlow's words are dropped while it loads, and that nobody else's are. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { othersWords } from '../../services/backend/nativeBackend.ts';
import { defaultSite, nativeFiles } from '../../services/backend/site.ts';

describe('othersWords', () => {
  it('drops log lines of TensorFlow and absl, and keeps the rest as it was', () => {
    const noise = [
      'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n',
      'I0000 00:00:1795516601.699812   21696 port.cc:153] oneDNN custom operations are on.\n',
      '2026-11-24 09:12:01.123456: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.\n',
      'E0000 00:00:1795516601.7    21 cuda_dnn.cc:8310] Unable to register cuDNN factory\n',
    ];
    expect(othersWords(noise.join(''))).toBe('');
    const words = ['{"level":30,"msg":"I0000 00:00:00"}\n', 'WARNING: mine\n', '\n', 'no end of line'];
    expect(othersWords([words[0], noise[0], words[1], noise[1], words[2], words[3]].join(''))).toBe(words.join(''));
  });
});

describe('the mute', () => {
  it('gives back what was written under it, once the last holder unmutes', () => {
    const { quiet } = nativeFiles(defaultSite().packageFolder);
    const script = `
      const { writeSync } = require('node:fs');
      const quiet = require(process.argv[1]);
      const texts = [quiet.unmute()];
      writeSync(2, 'before ');
      quiet.mute();
      writeSync(2, 'outer ');
      quiet.mute();
      writeSync(2, 'inner');
      texts.push(quiet.unmute(), quiet.unmute());
      writeSync(2, 'after');
      process.stdout.write(JSON.stringify(texts));`;
    const child = spawnSync(process.execPath, ['-e', script, quiet], { encoding: 'utf8' });
    expect([child.stdout, child.stderr]).toEqual([JSON.stringify(['', '', 'outer inner']), 'before after']);
  });
});
