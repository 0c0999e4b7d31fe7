// Loaded into a service before its own code: its clock is wrong by CASCADE_CHAOS_CLOCK_MS milliseconds. Timers and the
// monotonic clock run on as they are, as they do on a machine whose date was set wrongly.
const shift = Number(process.env['CASCADE_CHAOS_CLOCK_MS'] ?? 0);
const TrueDate = Date;
const now = (): number => TrueDate.now() + shift;

class ShiftedDate extends TrueDate {
  constructor(...args: [] | [value: number | string | Date]) {
    if (args.length === 0) super(now());
    else super(...args);
  }

  static override now(): number {
    return now();
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
