/** Colours by what they mean, from the page's style sheet: a canvas does not know its variables. */
export type Colour =
  | 'ink'
  | 'muted'
  | 'gridline'
  | 'data'
  | 'generator'
  | 'discriminator'
  | 'reference'
  | 'compute'
  | 'exchange'
  | 'wait'
  | 'apply';

export function colour(name: Colour): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function onColoursChange(redraw: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}
