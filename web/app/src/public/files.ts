/** Files that a visitor adds: each is sent when it was chosen, and stands in a list until the form is sent. */

import type { Sent } from "./kept";

type Words = Record<string, string>;

/** A file in the list; its token is blank while it is on its way. */
interface Added extends Sent {
  row: HTMLLIElement;
}

/** Sends a file for a field, and answers with what stands for it. */
export type Send = (field: string, file: File) => Promise<{ file: string; name: string }>;

const sized = (bytes: number): string => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

/** The files of one field. */
export class Files {
  private added: Added[] = [];
  private readonly list: HTMLElement;
  private readonly control: HTMLInputElement;

  constructor(
    private readonly name: string,
    private readonly words: Words,
    private readonly send: Send,
    private readonly say: (words: string | null) => void,
  ) {
    this.control = document.getElementById(`f-${name}`) as HTMLInputElement;
    this.list = document.getElementById(`l-${name}`)!;
    this.control.addEventListener("change", () => {
      const chosen = [...(this.control.files ?? [])];
      this.control.value = ""; // the same file may be chosen again after it was taken out
      this.say(null);
      for (const each of chosen) void this.add(each);
    });
  }

  get tokens(): string[] {
    return this.added.map((each) => each.token).filter((each) => each !== "");
  }

  get sent(): Sent[] {
    return this.added.filter((each) => each.token !== "").map(({ token, name, size }) => ({ token, name, size }));
  }

  /** Files that were sent before the page was shown in another language. */
  putBack(sent: Sent[]): void {
    for (const each of sent) this.stands(Object.assign(this.listed(each.name), each));
  }

  get busy(): boolean {
    return this.added.some((each) => each.token === "");
  }

  private async add(file: File): Promise<void> {
    const { most, largest } = this.control.dataset;
    const before = Number(most) === 1 && !this.busy ? [...this.added] : []; // the only one stays until another is taken
    if (this.added.length - before.length >= Number(most)) return this.say(this.words["many"]!.replace("{most}", most!));
    if (file.size > Number(largest)) return this.say(this.words["large"]!.replace("{name}", file.name));
    const added = this.listed(file.name);
    try {
      const kept = await this.send(this.name, file);
      this.stands(Object.assign(added, { token: kept.file, size: file.size }));
      before.forEach((each) => this.drop(each));
      this.changed();
    } catch (problem) {
      this.drop(added);
      const { errors, detail } = problem as { errors?: { detail: string }[]; detail?: string };
      this.say(errors?.map((each) => each.detail).join(" ") || detail || this.words["failed"]!);
    }
  }

  private listed(name: string): Added {
    const row = document.createElement("li");
    const words = document.createElement("span");
    const state = document.createElement("small");
    words.textContent = name;
    state.textContent = this.words["uploading"]!;
    row.append(words, state);
    this.list.append(row);
    const added: Added = { token: "", name, size: 0, row };
    this.added.push(added);
    return added;
  }

  private stands(added: Added): void {
    added.row.querySelector("small")!.textContent = sized(added.size);
    added.row.append(this.remover(added, added.name));
  }

  /** What the form asks for may depend on files: tell it, as a control does in which something was typed. */
  private changed(): void {
    this.control.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private drop(added: Added): void {
    added.row.remove();
    this.added = this.added.filter((each) => each !== added);
  }

  private remover(added: Added, name: string): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", this.words["remove"]!.replace("{name}", name));
    button.addEventListener("click", () => {
      this.drop(added);
      this.changed();
      this.control.focus();
    });
    return button;
  }
}
