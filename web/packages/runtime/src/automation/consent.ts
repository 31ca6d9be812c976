import type { TextKey } from "@lowcode/kit";

const WORDS: Record<string, TextKey> = {
  retire: "publishConsent_retire", purge: "publishConsent_purge", lossy: "publishConsent_lossy", reveal: "publishConsent_reveal", stranded: "publishConsent_stranded",
  role: "publishConsent_role", part: "publishConsent_part",
};

/** What somebody agrees to, in words and by the code that programs allow it with: `retire:customer.phone`. A sort that
 * is not known here has its code alone. */
export const consentWords = (code: string): TextKey => WORDS[code.slice(0, Math.max(0, code.indexOf(":")))] ?? "publishConsent";
