import { Command } from 'commander';
import type { TrainedClassifier } from '../../evaluate/classifier/trainAndJudge.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { type Format, formatOf, printOne } from '../output.ts';

export function classifierCommand(console: Console): Command {
  const classifier = new Command('classifier').description('the classifier of digits that evaluation looks through');
  classifier
    .command('train')
    .description('train it anew on MNIST, and compare the weights with those that Ganglion ships')
    .option('--to <folder>', 'keep the weights and their manifest here')
    .addHelpText('after', examples('ganglion classifier train', 'ganglion classifier train --to ./classifier'))
    .action(async ({ to }: { to?: string }, command: Command) => {
      const { trainAndJudge } = await import('../../evaluate/classifier/trainAndJudge.ts');
      const result = await trainAndJudge({ to, log: (line) => note(console, line) });
      printClassifier(console, formatOf(command), result);
    });
  return classifier;
}

export function printClassifier(console: Console, format: Format, trained: TrainedClassifier): void {
  const { testAccuracy, weightsSha256, deviceClass, shipped } = trained;
  const fields = [
    ['test accuracy', `${(100 * testAccuracy).toFixed(2)} %`],
    ['weights', weightsSha256],
    ['computed on', deviceClass],
    ['shipped', shipped.same ? 'the same bits' : `${shipped.weightsSha256}, computed on ${shipped.deviceClass}`],
  ] as const;
  printOne(console, format, trained, fields, weightsSha256);
}
