import type { NamedSecret, Text } from "@lowcode/protocol";
import { createContext, use, type ReactNode } from "react";
import { blockAt, type Schema } from "./schema";
import { pathOf, same, type Json, type Node, type Path } from "./tree";

export interface Kind {
  name: string;
  title: Text;
  group: string;
  /** It is the whole paper, made in another program. */
  whole: boolean;
  begin: Node;
}

/** What the server says of blocks: nothing of it is listed here again. */
export interface Palette {
  schema: Schema;
  kinds: Kind[];
  words: Record<"groups" | "options" | "choices", Record<string, Text>>;
  functions: { name: string; signature: string; summary: string }[];
  variables: Offer[];
  pictures: string[];
  reports: string[];
  roles: string[];
  outputs: string[];
  languages: string[];
  /** The secrets that the app names, whether the server has them, and what they are for. */
  secrets?: NamedSecret[];
  /** Whom something can be done as. */
  people?: { login: string; name: string }[];
  /** Options that are any JSON. */
  json?: string[];
  /** What options may name, by the option, where a form or a flow is designed. */
  names?: Record<string, { value: string; title: Text }[]>;
}

export interface Offer {
  path: string;
  title: Text;
  type?: string;
  items?: Offer[];
  /** Of rows: what their fields lead to. */
  linked?: Offer[];
}

export interface Offers {
  own: Offer[];
  linked: Offer[];
  rows: Offer[];
}

export interface Finding {
  code: string;
  pointer: string;
  severity: string;
  message: string;
  hint: string;
  /** The other document it stands in. */
  elsewhere?: string;
}

/** A public form in sentences. */
export interface Face {
  name: string;
  title: Text;
  told: { what: string; key: string; words: Text }[];
}

/** One option of a closed model, and where it stands. */
export interface Optional {
  name: string;
  schema: Schema;
  path: Path;
  required: boolean;
}

/** What every part of the designer stands on. */
export interface Design {
  name: string;
  document: Node;
  palette: Palette;
  offers: Offers;
  findings: Finding[];
  blocks: Path[];
  /** What a form is to those without an account, as far as the server has understood it. */
  faces?: Face[];
  chosen: Path | null;
  /** The language the canvas shows. */
  language: string;
  languages: string[];
  choose: (path: Path | null) => void;
  /** Another value at a place; `undefined` takes it away. */
  change: (path: Path, value: Json | undefined) => void;
  add: (list: Path, index: number, block: Node) => void;
  shift: (from: Path, list: Path, index: number) => void;
  drop: (path: Path) => void;
  /** What draws an option in a way of its own; undefined where it is drawn as its schema says. */
  own?: (option: Optional) => ReactNode | undefined;
  /** Options that are said elsewhere, where these are others than usual. */
  apart?: ReadonlySet<string>;
  /** Adds a picture to the template; where it stands in the app. */
  upload: (file: File) => Promise<string>;
}

export const DesignContext = createContext<Design | null>(null);

export function useDesign(): Design {
  const design = use(DesignContext);
  if (design === null) throw new Error("useDesign outside of the designer");
  return design;
}

/** What an option is called, where it stands or everywhere; without words of its own it keeps its name. */
export const optionWords = (palette: Palette, name: string, path: Path = []): Text => palette.words.options[`${String(path[path.length - 2])}.${name}`] ?? palette.words.options[name] ?? name;

/** The findings of a block and of everything in it but blocks inside; of the document where there is no block. */
export function findingsOf({ findings, blocks }: Pick<Design, "findings" | "blocks">, path: Path | null): Finding[] {
  return findings.filter((each) => {
    const owner = blockAt(pathOf(each.pointer), blocks);
    return path === null ? owner === null : owner !== null && same(owner, path);
  });
}
