/** The documents that contain one term: numbers and frequencies in two arrays that grow together. Adding is at the end only. */
export class Postings {
  size = 0;
  /** How many of them belong to documents that are still there. */
  live = 0;
  documents = new Uint32Array(2);
  frequencies = new Float32Array(2);

  add(document: number, frequency: number): void {
    if (this.size === this.documents.length) this.grow();
    this.documents[this.size] = document;
    this.frequencies[this.size] = frequency;
    this.size += 1;
    this.live += 1;
  }

  private grow(): void {
    const [documents, frequencies] = [new Uint32Array(this.size * 2), new Float32Array(this.size * 2)];
    documents.set(this.documents);
    frequencies.set(this.frequencies);
    this.documents = documents;
    this.frequencies = frequencies;
  }
}
