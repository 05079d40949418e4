/**
 * Proves what each command says when it is used wrongly: one sentence, what to do, and an exit code, as `errors.golden.txt` has
 * them. `GANGLION_GOLDEN=write npx vitest run tests/cli/errors.test.ts` writes them anew.
 */
import { expect, it } from 'vitest';
import { asked, expectGolden, FIXTURE, inPlace, timeless } from './goldenPlace.ts';
import { leaves, nameOf } from './leaves.ts';

/** One wrong use of each. */
const WRONG = [
  'quickstart --workers 0',
  'launch --preset mnist-quik',
  'launch --preset mnist-quick --run-id A',
  'launch --preset mnist-quick --run-id=',
  'runs list now',
  'runs list --coordinator nohost',
  'runs list --token-file FOLDER/none',
  'runs get wole',
  'runs watch whole --from kafka',
  'runs pause whole',
  'runs resume whole --from-phase -1',
  'runs cancel whole',
  // A variable of the shell that is not set.
  'runs cancel ',
  'runs wait whole --for=soon',
  'runs fetch whole nothing.png',
  'workers list --wide',
  'workers drain w2',
  'checkpoints list FOLDER/none/at-all',
  'checkpoints list FOLDER/line/config.yaml',
  'checkpoints verify whole --phase 30',
  'sample whole --labels x',
  'sample .',
  `sample ${FIXTURE}/data/whole/checkpoints/phase-000000020 --phase 40 --backend wasm`,
  'interpolate whole --steps 1',
  'neighbours whole --count 7',
  'figure1 whole --phases 4,3,2,1',
  'report FOLDER/none/at-all',
  'trace whole --phases all',
  'export whole --format tfjs --to FOLDER/line/config.yaml',
  'export whole --format pickle --to FOLDER/export',
  'config init mnist',
  'config validate FOLDER/none.yaml',
  'config explain emma',
  'config explain constructor',
  'config schema all',
  'config presets all',
  'context add a/b --coordinator x:1',
  'context use their',
  'context list all',
  'context remove their',
  'data download cifar --to FOLDER',
  'data download mnist --to FOLDER/line/config.yaml',
  'data download mnist --to FOLDER/none --mirror nowhere',
  'data check',
  'coordinator --port 70000',
  'worker --cores all',
  'tls init FOLDER/none --days 0',
  'tls issue FOLDER/none alice --role client',
  'evaluate whole --metrics fid',
  'classifier train mnist',
  'backend install --from FOLDER/none',
  'doctor --gpu',
  'chaos whole',
  'simulate --seeds 0',
  'completion powershell',
  'version all',
];

inPlace();

it('is what is written down', async () => {
  const sections: string[] = [];
  for (const command of WRONG) {
    const { code, out, err } = await asked(command);
    expect([out, code > 0], command).toEqual(['', true]);
    expect(err, command).toMatch(/^(.+\n)+$/);
    expect(err, command).not.toMatch(/^\s+at |bug of Ganglion/m);
    sections.push(`$ ganglion ${timeless(command)}   # ${code}\n${timeless(err)}`);
  }
  expectGolden('errors.golden.txt', sections.join('\n'));
});

it('is that of all commands but the hidden one', () => {
  const all = leaves().map(nameOf);
  const tried = all.filter((name) => WRONG.some((command) => `${command} `.startsWith(`${name} `)));
  expect(all.filter((name) => !tried.includes(name))).toEqual(['complete']);
});
