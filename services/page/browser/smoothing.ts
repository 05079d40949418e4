/** A curve without its noise: an exponential moving average that does not lag at the begin (Adam's correction). Pure. */
type Numbers = readonly (number | null)[];

/** Of shorter curves every value is seen. */
const LENGTH_MIN = 80;
/** Parts of a curve in which a value's weight halves. */
const HALF_LIFE = 1 / 60;

export function smoothed(values: Numbers): (number | null)[] {
  if (values.length < LENGTH_MIN) return [...values];
  const keep = 0.5 ** (1 / (HALF_LIFE * values.length));
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return sum / weight;
  });
}
