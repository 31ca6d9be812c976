import type { Client } from "@lowcode/protocol";

/** A colleague who has a record open. */
export interface Other {
  person: { id: number; label: string };
  edits: boolean;
  since: string;
}

export type Doing = "reads" | "edits";

const NOBODY: readonly Other[] = [];
const AGAIN = 20;
/** Milliseconds for which a place waits for somebody to come back to it: from the page to the form and back is no leaving. */
const LEFT = 500;

/** One record in this window: what is done with it is said once, however many parts of the page show it. */
export class Place {
  private readonly at: Record<Doing, number> = { reads: 0, edits: 0 };
  private readonly told = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private said = "";
  others: readonly Other[] = NOBODY;

  constructor(
    private readonly client: Pick<Client, "run">,
    private readonly form: string,
    private readonly id: number,
    private readonly over: () => void,
  ) {
    document.addEventListener("visibilitychange", this.seen);
  }

  /** Somebody shows it; what is given back ends that. */
  join(doing: Doing, tell: () => void): () => void {
    this.at[doing] += 1;
    this.told.add(tell);
    if (this.doing() !== this.said) this.in(0);
    return () => {
      this.at[doing] -= 1;
      this.told.delete(tell);
      this.in(LEFT);
    };
  }

  private doing(): Doing | "leaves" {
    return this.at.edits > 0 ? "edits" : this.at.reads > 0 ? "reads" : "leaves";
  }

  private readonly seen = () => {
    // A page nobody looks at says nothing, and is forgotten by itself.
    if (document.visibilityState === "visible") this.in(0);
    else clearTimeout(this.timer);
  };

  private in(milliseconds: number) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.say(), milliseconds);
  }

  private async say() {
    const doing = this.doing();
    this.said = doing;
    if (doing === "leaves") {
      document.removeEventListener("visibilitychange", this.seen);
      this.over();
    }
    let again = AGAIN;
    let others: readonly Other[] = NOBODY;
    try {
      const answer = await this.client.run<{ others: Other[]; again: number }>("forms.presence", { form: this.form, id: this.id, doing });
      others = answer.others;
      again = answer.again;
    } catch {
      // Without a network, or when the record is gone, nobody is known to be there; the page itself says what is wrong.
    }
    if (doing === "leaves" || doing !== this.doing()) return;
    this.others = others.length > 0 ? others : NOBODY;
    this.told.forEach((tell) => tell());
    if (again > 0 && document.visibilityState === "visible") this.in(again * 1000);
  }
}
