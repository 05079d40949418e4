/** Colours by what they mean. Data and generator, D and G keep theirs in every picture. */

export interface Palette {
  readonly paper: string;
  readonly ink: string;
  /** Axis labels, captions. */
  readonly muted: string;
  readonly gridline: string;
  /** The data: p_data, D(x). */
  readonly data: string;
  /** G: p_g, its loss, D(G(z)). */
  readonly generator: string;
  /** D: D(x) as a curve, its loss. */
  readonly discriminator: string;
  /** Known values to hold a curve against. */
  readonly reference: string;
}

/** The paper's figure 1: black data, green G, blue D. */
export const PAPER: Palette = {
  paper: '#ffffff',
  ink: '#1a1a1a',
  muted: '#5c5c5c',
  gridline: '#e4e4e4',
  data: '#111111',
  generator: '#12853a',
  discriminator: '#1f5fd6',
  reference: '#c2410c',
};

/** The same as variables of the page that a drawing stands in, which sets them for light and for dark. */
export const PAGE: Palette = {
  paper: 'var(--paper)',
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  gridline: 'var(--gridline)',
  data: 'var(--data)',
  generator: 'var(--generator)',
  discriminator: 'var(--discriminator)',
  reference: 'var(--reference)',
};
