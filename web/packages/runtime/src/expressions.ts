/** What the server emitted from the definitions: functions of the flat record, the moment and the library. */
export type Live = (record: Record<string, unknown>, moment: unknown, library: unknown) => unknown;

export interface FieldLive {
  expression?: Live;
  default?: Live;
  visible_when?: Live;
  required_when?: Live;
  read_only_when?: Live;
  transitions?: (Live | null)[];
  /** When an option may be chosen. */
  options?: Record<string, Live>;
  /** What of this record a chosen one must have in common, by the name it has there. */
  matches?: Record<string, Live>;
}

export interface FormLive {
  [field: string]: FieldLive | Record<string, Live> | undefined;
  _checks?: Record<string, Live>;
  _buttons?: Record<string, Live>;
  _sections?: Record<string, Live>;
}

export type Emitted = Record<string, FormLive>;

/** Loads the module of the same origin; without it the page works and the server alone decides. */
export async function loadEmitted(path: string | undefined): Promise<Emitted> {
  if (!path) return {};
  try {
    const loaded = (await import(/* @vite-ignore */ new URL(path, document.baseURI).href)) as { default?: Emitted };
    return loaded.default ?? {};
  } catch (error) {
    console.warn("The live expressions could not be loaded.", error);
    return {};
  }
}

export const fieldLive = (form: FormLive | undefined, path: string): FieldLive | undefined => form?.[path] as FieldLive | undefined;
