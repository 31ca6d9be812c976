import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const FOLDER = dirname(createRequire(import.meta.url).resolve("antd/package.json"));
const STYLE = /[\\/]antd[\\/]es[\\/].*style[\\/.]/;
const HOOKS = /\b(genStyleHooks|genSubStyleComponent|genComponentStyleHook)\(/;
/** What no page has: writing from right to left, and columns by the width of the window. */
const NEVER = /-rtl(?![a-z])|\.ant-col-(xs|sm|md|lg|xl|xxl|xxxl)-/;
/** Components whose classes are not called like their folder. */
const CALLED: Record<string, string> = { "float-button": "float-btn", calendar: "picker-calendar" };

interface Call {
  type: string;
  callee?: { name?: string };
  arguments?: { start: number; end: number }[];
}

/** The styles of the components, read by the browser as one file instead of being computed by each that is shown
 * (decision 0146). What would compute them is left out; what they take from the theme stays in their variables. */
export function antdStyles(): Plugin {
  let file = "";
  return {
    name: "lowcode-antd-styles",
    transform(code, id) {
      if (!STYLE.test(id) || !HOOKS.test(code)) return null;
      const places: { start: number; end: number }[] = [];
      walk(this.parse(code) as unknown as Call, (node) => {
        const made = node.type === "CallExpression" && ["genStyleHooks", "genSubStyleComponent", "genComponentStyleHook"].includes(node.callee?.name ?? "");
        if (made && node.arguments?.[1]) places.push(node.arguments[1]);
      });
      return { code: places.sort((one, other) => other.start - one.start).reduce((text, { start, end }) => `${text.slice(0, start)}null${text.slice(end)}`, code), map: null };
    },
    generateBundle(_, bundle) {
      const shown = new Set(Object.values(bundle).flatMap((each) => (each.type === "chunk" ? each.moduleIds.map((id) => /[\\/]antd[\\/]es[\\/]([^\\/]+)[\\/]style[\\/]/.exec(id)?.[1]) : [])));
      const unused = readdirSync(join(FOLDER, "es")).filter((name) => !shown.has(name) && hasStyles(name));
      const source = usedOf(readFileSync(join(FOLDER, "dist", "antd.css"), "utf8"), unused.map((name) => CALLED[name] ?? name));
      file = this.getFileName(this.emitFile({ type: "asset", name: "antd.css", source }));
    },
    transformIndexHtml: {
      order: "post",
      // Before the page's own: where both say something of a thing, the page counts.
      handler: (html, { server }) =>
        server ? html.replace("</head>", `<link rel="stylesheet" href="/@fs/${join(FOLDER, "dist", "antd.css")}"></head>`) : html.replace('<link rel="stylesheet"', `<link rel="stylesheet" crossorigin href="./${file}">\n    $&`),
    },
  };
}

/** Whether a component has styles of its own: `row` and `col`, names of `grid`, have none. */
function hasStyles(name: string): boolean {
  const file = join(FOLDER, "es", name, "style", "index.js");
  return existsSync(file) && HOOKS.test(readFileSync(file, "utf8"));
}

function walk(node: unknown, look: (node: Call) => void): void {
  if (Array.isArray(node)) return node.forEach((each) => walk(each, look));
  if (typeof node !== "object" || node === null) return;
  if ("type" in node) look(node as Call);
  Object.values(node).forEach((each) => walk(each, look));
}

/** The rules of components that are shown, each once, without the theme the file was made with. */
export function usedOf(css: string, unused: string[]): string {
  const other = new RegExp(`\\.ant-(${unused.join("|")})(?![a-z0-9])`);
  const kept = new Set<string>();
  for (const rule of rulesOf(css)) {
    const [head = ""] = rule.split("{", 1);
    if (head.startsWith("@keyframes")) kept.add(rule);
    else if (head.startsWith("@")) {
      const inner = usedOf(rule.slice(head.length + 1, -1), unused);
      if (inner) kept.add(`${head}{${inner}}`);
    } else if (!/\.css-var-|cssinjs/.test(head) && head.split(",").some((each) => !NEVER.test(each) && !other.test(/\.ant-[\w-]+/.exec(each)?.[0] ?? ""))) kept.add(rule);
  }
  return [...kept].join("");
}

function rulesOf(css: string): string[] {
  const found: string[] = [];
  let [depth, begin] = [0, 0];
  for (let at = 0; at < css.length; at += 1) {
    if (css[at] === "{") depth += 1;
    if (css[at] === "}" && (depth -= 1) === 0) {
      found.push(css.slice(begin, at + 1));
      begin = at + 1;
    }
  }
  return found;
}
