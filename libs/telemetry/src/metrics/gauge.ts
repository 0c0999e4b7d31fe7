import { Family, type Definition, type LabelSets, type LabelsOf, type Sample } from './family.js';

/** What is as it is now. */
export class Gauge<Sets extends LabelSets> extends Family<Sets, { value: number }> {
  readonly type = 'gauge';

  set(labels: LabelsOf<Sets>, value: number): void {
    this.at(labels).value = value;
  }

  protected override create(): { value: number } {
    return { value: 0 };
  }

  protected override samplesOf(labels: Readonly<Record<string, string>>, { value }: { value: number }): readonly Sample[] {
    return [{ labels, value }];
  }
}

export const gauge = <const Sets extends LabelSets>(definition: Definition<Sets>): Gauge<Sets> => new Gauge(definition);
