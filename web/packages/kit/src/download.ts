/** A file that was made in the page, handed to whoever is there. */
export function downloadFile(name: string, content: BlobPart, type = "application/octet-stream"): void {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  Object.assign(window.document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // a browser may ask first where the file goes
}

/** A document as the file it is in the folder of an app. */
export function downloadDocument(document: object & { name?: unknown }): void {
  downloadFile(`${String(document.name)}.json`, `${JSON.stringify(document, null, 2)}\n`, "application/json");
}
