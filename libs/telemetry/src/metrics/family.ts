import type { Metric } from 'prom-client';
import { registry } from '../registry.js';
import { OTHER, type LabelValues } from './label-values.js';

export type LabelSets = Readonly<Record<string, LabelValues>>;
export type LabelsOf<Sets extends LabelSets> = { readonly [Name in keyof Sets]: Sets[Name] extends LabelValues<infer Value> ? Value : never };

export interface Definition<Sets extends LabelSets> {
  readonly name: string;
  readonly help: string;
  readonly labels: Sets;
}

/** One line of Prometheus' text. */
export interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Most combinations of listed labels that are there from the beginning. */
const MAX_BEGUN = 256;

/**
 * A metric with all its series. A series is found once (`at`) and counted by a plain addition: prom-client's own classes
 * build and look up a text of all labels at every count, about a microsecond, which an event on its way passes a dozen times.
 * They print what is here, though.
 */
export abstract class Family<Sets extends LabelSets, Cell> {
  abstract readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labelSets: Sets;
  readonly #names: readonly string[];
  readonly #cells = new Map<string, { readonly labels: Readonly<Record<string, string>>; readonly cell: Cell }>();
  readonly #seen = new Map<string, Set<string>>();

  constructor({ name, help, labels }: Definition<Sets>) {
    [this.name, this.help, this.labelSets, this.#names] = [name, help, labels, Object.keys(labels)];
  }

  protected abstract create(): Cell;
  protected abstract samplesOf(labels: Readonly<Record<string, string>>, cell: Cell): readonly Sample[];

  /** The series of these labels; the same one for the same labels, so that who counts often may keep it. */
  at(labels: LabelsOf<Sets>): Cell {
    const key = this.#names.map((name) => (labels as Record<string, string>)[name]).join('\0');
    return this.#cells.get(key)?.cell ?? this.#add(key, labels);
  }

  /** Begins all series of the listed labels with nothing: an increase that nobody saw begin cannot be seen. */
  begin(others: Partial<LabelsOf<Sets>> = {}): void {
    let combinations: Record<string, string>[] = [{ ...others } as Record<string, string>];
    for (const [name, { listed }] of Object.entries(this.labelSets)) {
      if (name in others) continue;
      if (listed === undefined || combinations.length * listed.length > MAX_BEGUN) return;
      combinations = combinations.flatMap((labels) => listed.map((value) => ({ ...labels, [name]: value })));
    }
    for (const labels of combinations) this.at(labels as LabelsOf<Sets>);
  }

  /** Forgets all series. */
  reset(): void {
    this.#cells.clear();
    this.#seen.clear();
  }

  /** What prom-client prints. */
  async get(): Promise<{ readonly name: string; readonly help: string; readonly type: string; readonly values: readonly Sample[] }> {
    return { name: this.name, help: this.help, type: this.type, values: [...this.#cells.values()].flatMap(({ labels, cell }) => this.samplesOf(labels, cell)) };
  }

  /** A metric that a process does not have is not printed by it. */
  #add(key: string, given: LabelsOf<Sets>): Cell {
    const labels = Object.fromEntries(this.#names.map((name) => [name, this.#admit(name, (given as Record<string, string>)[name]!)]));
    const admitted = this.#names.map((name) => labels[name]).join('\0');
    const known = this.#cells.get(admitted);
    if (known !== undefined) return known.cell;
    if (this.#cells.size === 0) registry.registerMetric(this as unknown as Metric);
    const cell = this.create();
    this.#cells.set(admitted, { labels, cell });
    return cell;
  }

  #admit(name: string, value: string): string {
    const { listed, atMost } = this.labelSets[name]!;
    if (listed !== undefined) return listed.includes(value) ? value : OTHER;
    const seen = this.#seen.get(name) ?? new Set();
    this.#seen.set(name, seen);
    if (!seen.has(value) && seen.size >= atMost) return OTHER;
    seen.add(value);
    return value;
  }
}
