import { Family, type Definition, type LabelSets, type LabelsOf, type Sample } from './family.js';

export class CounterCell {
  value = 0;

  add(by = 1): void {
    this.value += by;
  }
}

/** What only grows while a process lives, and begins at 0 in the next one. */
export class Counter<Sets extends LabelSets> extends Family<Sets, CounterCell> {
  readonly type = 'counter';

  add(labels: LabelsOf<Sets>, by = 1): void {
    this.at(labels).add(by);
  }

  protected override create(): CounterCell {
    return new CounterCell();
  }

  protected override samplesOf(labels: Readonly<Record<string, string>>, { value }: CounterCell): readonly Sample[] {
    return [{ labels, value }];
  }
}

export const counter = <const Sets extends LabelSets>(definition: Definition<Sets>): Counter<Sets> => new Counter(definition);
