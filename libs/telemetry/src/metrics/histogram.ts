import { Family, type Definition, type LabelSets, type LabelsOf, type Sample } from './family.js';

export interface HistogramDefinition<Sets extends LabelSets> extends Definition<Sets> {
  /** Upper bounds, growing. */
  readonly buckets: readonly number[];
}

export class HistogramCell {
  sum = 0;
  /** By bucket; the last one is for what is above every bound. */
  readonly counts: number[];

  constructor(readonly buckets: readonly number[]) {
    this.counts = Array.from({ length: buckets.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.buckets.length && value > this.buckets[bucket]!) bucket += 1;
    this.counts[bucket]! += 1;
    this.sum += value;
  }
}

/** How many values lay below which bound, their number and their sum. */
export class Histogram<Sets extends LabelSets> extends Family<Sets, HistogramCell> {
  readonly type = 'histogram';
  readonly buckets: readonly number[];

  constructor(definition: HistogramDefinition<Sets>) {
    super(definition);
    this.buckets = definition.buckets;
  }

  observe(labels: LabelsOf<Sets>, value: number): void {
    this.at(labels).observe(value);
  }

  protected override create(): HistogramCell {
    return new HistogramCell(this.buckets);
  }

  protected override samplesOf(labels: Readonly<Record<string, string>>, { counts, sum }: HistogramCell): readonly Sample[] {
    let count = 0;
    const bounds = [...this.buckets.map(String), '+Inf'];
    const buckets = counts.map((inBucket, index) => ({ metricName: `${this.name}_bucket`, labels: { ...labels, le: bounds[index]! }, value: count += inBucket }));
    return [...buckets, { metricName: `${this.name}_sum`, labels, value: sum }, { metricName: `${this.name}_count`, labels, value: count }];
  }
}

export const histogram = <const Sets extends LabelSets>(definition: HistogramDefinition<Sets>): Histogram<Sets> => new Histogram(definition);
