/** What the values of a sample mean. */
import type { RunConfig } from '../config/runConfig.ts';

type Normalisation = RunConfig['data']['normalize'];

/** TensorFlow.js for pixels from 0 to 1, as `gan/normalisation.ts` has them. @param values the variable of the samples. */
export function pixelFormula(normalisation: Normalisation, values: string): string {
  switch (normalisation) {
    case 'unit':
      return values;
    case 'symmetric':
      return `${values}.add(1).div(2)`;
    case 'none':
      return `${values}.div(255)`;
    case 'gcn':
      return `${values}.div(${values}.abs().max([1, 2, 3], true).maximum(1e-8)).add(1).div(2)`;
  }
}

/** In words, for the card. */
export function valuesInWords({ data, generator }: RunConfig): string {
  const last = generator.layers.at(-1);
  const activation = last && 'activation' in last ? last.activation : 'linear';
  const bounds = { sigmoid: 'from 0 to 1', tanh: 'from −1 to 1' }[activation as string] ?? 'without bounds';
  const meanings: Readonly<Record<Normalisation, string>> = {
    unit: 'a byte of the data is 255 times as much',
    symmetric: 'a byte of the data is 127.5 · (value + 1)',
    gcn: 'each sample of the data was made to have mean 0 and Euclidean norm 55',
    none: 'the data’s own',
  };
  return `${bounds}; ${meanings[data.normalize]}`;
}
