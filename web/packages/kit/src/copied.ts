/** Whether a text was copied. Browsers copy only on pages with TLS, and where they are allowed to. */
export function copied(text: string, clipboard: Pick<Clipboard, "writeText"> | null | undefined = navigator.clipboard): Promise<boolean> {
  return clipboard ? clipboard.writeText(text).then(() => true, () => false) : Promise.resolve(false);
}
