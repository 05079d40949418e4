/** Proves that the doctor names the chosen backend, why not the better ones, and the one command that gets them. */
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type Diagnosis, diagnose, formatDiagnosis } from '../../services/backend/doctor.ts';
import { installBackend } from '../../services/backend/install.ts';
import { nativeFiles } from '../../services/backend/site.ts';
import { pinnedWheels } from '../../services/backend/wheels.ts';
import { makeFakeSite } from './fakeSite.ts';

const fake = makeFakeSite();
afterAll(() => fake.remove());

describe('diagnose', () => {
  it('finds a machine with nothing on it', async () => {
    const { chosen, whyNot, programs, installed } = await diagnose({ ...fake.site, env: { PATH: '' } });
    expect([chosen, installed]).toEqual(['wasm', null]);
    expect(programs).toEqual({ python3: null, pip: null, compiler: null, natsServer: null });
    expect(whyNot.map(({ kind }) => kind)).toEqual(['cuda', 'tensorflow']);
    expect(whyNot[1]?.remedy).toBe('Run `apt-get install -y python3-pip g++ && ganglion backend install`.');
  });

  it('says that another platform uses WASM', async () => {
    const { whyNot } = await diagnose({
      ...fake.site,
      platform: 'darwin',
      arch: 'arm64',
      wheels: pinnedWheels('darwin', 'arm64'),
    });
    expect(whyNot[1]?.why).toContain('darwin on arm64');
  });

  it('finds an installed backend, then one that broke', async () => {
    await installBackend({ gpu: false, from: undefined, log: () => {} }, fake.site);
    expect(await diagnose(fake.site)).toMatchObject({ chosen: 'tensorflow', installed: { version: '9.9.9' } });

    writeFileSync(nativeFiles(fake.site.packageFolder).addon, 'not an addon');
    const broken = await diagnose(fake.site);
    expect(broken.chosen).toBe('wasm');
    expect(broken.whyNot[1]).toMatchObject({ kind: 'tensorflow', why: expect.stringContaining('does not work here') });
  });
});

describe('formatDiagnosis', () => {
  const diagnosis: Diagnosis = {
    machine: {
      platform: 'linux',
      arch: 'x64',
      cpu: 'A CPU',
      cores: 2,
      notPinned: null,
      memoryBytes: 8 * 2 ** 30,
      freeMemoryBytes: 2 ** 30,
      gpus: [],
    },
    node: 'v20.20.2',
    programs: { python3: '/usr/bin/python3', pip: null, compiler: null, natsServer: null },
    installed: null,
    chosen: 'wasm',
    notXla: 'it is a part of libtensorflow',
    whyNot: [
      { kind: 'cuda', why: 'No GPU.', remedy: 'Get one.' },
      { kind: 'tensorflow', why: 'Not installed.', remedy: 'Run it.' },
    ],
  };

  it('is a table, then a paragraph for each better backend', () => {
    expect(formatDiagnosis(diagnosis)).toBe(
      [
        'machine      linux x64, A CPU',
        'cores        2; the workers of a run share them: two are pinned to 1 each (worker --cores says otherwise)',
        'memory       8.0 GiB, 1.0 free',
        'GPUs         none',
        'node         v20.20.2',
        'python3      /usr/bin/python3, no pip',
        'compiler     none',
        'nats-server  none (progress stays in process)',
        'installed    no native library',
        'backend      WASM',
        'compiled     no: only libtensorflow has graphs',
        'XLA          no: it is a part of libtensorflow',
        '',
        'not CUDA (libtensorflow on the GPU): No GPU.',
        '  Get one.',
        '',
        'not libtensorflow on the CPU: Not installed.',
        '  Run it.',
        '',
      ].join('\n'),
    );
  });
});
