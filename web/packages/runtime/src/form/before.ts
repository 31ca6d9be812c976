/** What has to be done before a form is sent: a file that is on its way, a signature that was not confirmed. Each says
 * whether it went well, and shows itself what went wrong. */
export type Before = Set<() => Promise<boolean>>;

/** The same, that tells how many there are whenever it becomes another number. */
export class Counted extends Set<() => Promise<boolean>> {
  constructor(private readonly tell: (count: number) => void) {
    super();
  }

  override add(each: () => Promise<boolean>): this {
    super.add(each);
    this.tell(this.size);
    return this;
  }

  override delete(each: () => Promise<boolean>): boolean {
    const found = super.delete(each);
    this.tell(this.size);
    return found;
  }
}

/** Whether all of it went well. */
export async function ready(before: Before): Promise<boolean> {
  return (await Promise.all([...before].map((each) => each()))).every(Boolean);
}
