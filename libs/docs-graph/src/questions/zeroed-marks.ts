/**
 * Arrays of zeros, one number a node: a new one for each question costs little, but the garbage collector comes the sooner,
 * and stops everything, the more memory stands outside its heap.
 */
export class ZeroedMarks {
  private readonly free: Uint8Array[] = [];

  take(length: number): Uint8Array {
    const known = this.free.pop();
    return known !== undefined && known.length >= length ? known : new Uint8Array(length * 2);
  }

  /** All its numbers are 0 again. */
  giveBack(marks: Uint8Array): void {
    this.free.push(marks);
  }
}
