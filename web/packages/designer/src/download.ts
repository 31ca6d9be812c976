import type { Node } from "./tree";

/** The template as the file it is in the folder of an app. */
export function download(document: Node): void {
  const address = URL.createObjectURL(new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: "application/json" }));
  Object.assign(window.document.createElement("a"), { href: address, download: `${String(document["name"])}.json` }).click();
  URL.revokeObjectURL(address);
}
