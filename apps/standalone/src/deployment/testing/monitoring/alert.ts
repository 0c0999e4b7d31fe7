/** Series in promtool's notation, one sample a minute: `0+1x20` grows by one for twenty minutes. */
export type Series = Readonly<Record<string, string>>;

export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** How long it must be so. */
  readonly lasts: string;
  /** `critical`: somebody is to look now; `warning`: today. */
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  /** What it means, and what to do: the section in docs/operations.md. */
  readonly section: string;
  /** With these it fires after an hour, with these labels. */
  readonly fires: { readonly series: Series; readonly labels: Readonly<Record<string, string>> };
  /** With these, which are nearly so, it does not. */
  readonly quiet: Series;
}

/** `cascade-dead-letters` of `CascadeDeadLetters`: the anchor of its section. */
export const anchorOf = ({ name }: Pick<Alert, 'name'>): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

export const EVALUATED_AT = '1h';
export const RUNBOOK = 'docs/operations.md';
