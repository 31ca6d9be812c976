import { BarcodeOutlined, BarChartOutlined, FileImageOutlined, FileWordOutlined, QrcodeOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { words as wordsOf } from "@lowcode/protocol";
import type { CSSProperties, ReactNode } from "react";
import { useDesign } from "./design";
import { rowsAt } from "./schema";
import { titleOf } from "./titles";
import { at, isNode, same, type Json, type Node, type Path } from "./tree";

interface Face {
  block: Node;
  path: Path;
}

const POINTS = 1.25;

/** The looks of a block, near to what they are on paper. */
export function looks(style: Json | undefined): CSSProperties {
  if (!isNode(style)) return {};
  const text = (name: string) => (typeof style[name] === "string" ? (style[name] as string) : undefined);
  const border = text("border");
  const line = `1px solid ${text("border_color") ?? "currentColor"}`;
  return {
    fontSize: typeof style["size"] === "number" ? `${style["size"] * POINTS}px` : undefined,
    fontWeight: style["bold"] === true ? 600 : undefined,
    fontFamily: style["font"] === "serif" ? "serif" : undefined,
    letterSpacing: typeof style["spacing"] === "number" ? `${style["spacing"]}em` : undefined,
    color: text("color"),
    background: text("background"),
    textAlign: text("align") as CSSProperties["textAlign"],
    padding: typeof style["padding"] === "number" ? `${style["padding"] * 3}px` : undefined,
    ...(border === "all" ? { border: line } : border ? { [`border${border[0]!.toUpperCase()}${border.slice(1)}`]: line } : {}),
  };
}

function useTitles(path: Path) {
  const { offers, document, palette } = useDesign();
  const { w } = useSpeech();
  const said = (title: unknown) => w(title as string);
  return (expression: string, own: Path = path) => {
    const variable = palette.variables.find((each) => each.path === expression);
    return variable ? said(variable.title) : titleOf(offers, rowsAt(document, [...own, "value"]), expression, said);
  };
}

function Chip({ expression, path }: { expression: string; path: Path }) {
  const title = useTitles(path);
  return (
    <span className="lc-design-chip" title={expression}>
      {title(expression)}
    </span>
  );
}

/** Words with the names of the fields in them. */
export function Said({ text, path }: { text: Json | undefined; path: Path }) {
  const { language } = useDesign();
  const shown = wordsOf((text ?? "") as string, language);
  const parts = shown.split(/(\{\{.*?\}\})/s);
  return (
    <>
      {parts.map((part, index) => (part.startsWith("{{") ? <Chip key={index} path={path} expression={part.slice(2, -2).trim()} /> : <span key={index}>{part}</span>))}
    </>
  );
}

function Value({ node, path }: { node: Node; path: Path }) {
  if (typeof node["value"] === "string") return <Chip expression={node["value"]} path={path} />;
  return <Said text={node["text"]} path={path} />;
}

const nodes = (value: Json | undefined): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

function TextFace({ block, path }: Face) {
  const number = useNumber(block, path);
  return (
    <p className="lc-design-text" style={looks(block["style"])}>
      {number}
      <Said text={block["text"]} path={path} />
    </p>
  );
}

const TENS = ["", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十"];
const chinese = (count: number): string => (count > 99 ? String(count) : `${TENS[Math.floor(count / 10)]}${["", ..."一二三四五六七八九"][count % 10]}`);

/** The number a paragraph has where every one before it is printed. */
function useNumber(block: Node, path: Path): string {
  const { document, blocks, language } = useDesign();
  const kind = block["numbered"];
  if (typeof kind !== "string") return "";
  let count = 0;
  for (const way of blocks) {
    const found = at(document, way);
    const other = isNode(found) ? found["numbered"] : undefined;
    if (other === kind) count += 1;
    else if (kind === "point" && (other === "clause" || other === "article")) count = 0;
    if (same(way, path)) break;
  }
  if (kind === "point" || !language.startsWith("zh")) return kind === "article" ? `Article ${count}. ` : `${count}. `;
  return kind === "article" ? `第${chinese(count)}条　` : `${chinese(count)}、`;
}

function FieldsFace({ block, path }: Face) {
  const title = useTitles(path);
  const columns = typeof block["columns"] === "number" ? block["columns"] : 2;
  return (
    <div className="lc-design-fieldset" style={{ gridTemplateColumns: `repeat(${columns}, 1fr)`, ...looks(block["style"]) }}>
      {nodes(block["items"]).map((item, index) => (
        <div key={index} style={{ gridColumn: typeof item["span"] === "number" ? `span ${Math.min(item["span"], columns)}` : undefined }}>
          <span className="lc-design-name">{item["label"] !== undefined ? <Said text={item["label"]} path={path} /> : title(String(item["value"] ?? ""))}</span> <Value node={item} path={path} />
        </div>
      ))}
    </div>
  );
}

function TableFace({ block, path }: Face) {
  const title = useTitles(path);
  const { document } = useDesign();
  const { t } = useSpeech();
  const columns = nodes(block["columns"]);
  const inner = [...path, "columns", 0];
  const theme = document["theme"];
  const accent = isNode(theme) && typeof theme["accent"] === "string" ? theme["accent"] : undefined;
  return (
    <table className="lc-design-table">
      <thead>
        <tr style={{ color: accent }}>
          {columns.map((each, index) => (
            <th key={index} scope="col" style={{ textAlign: (each["align"] as CSSProperties["textAlign"]) ?? undefined }}>
              {each["title"] !== undefined ? <Said text={each["title"]} path={path} /> : each["number"] === true ? t("designLineNumber") : title(String(each["value"] ?? ""), inner)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          {columns.map((each, index) => (
            <td key={index} style={{ textAlign: (each["align"] as CSSProperties["textAlign"]) ?? undefined }}>
              {each["number"] === true ? "1" : <Value node={each} path={inner} />}
            </td>
          ))}
        </tr>
      </tbody>
      {nodes(block["totals"]).length > 0 && (
        <tfoot>
          {nodes(block["totals"]).map((each, index) => (
            <tr key={index}>
              <td colSpan={columns.length} style={{ fontWeight: each["strong"] === true ? 600 : undefined }}>
                <Said text={each["text"]} path={path} /> <Said text={each["label"]} path={path} /> {typeof each["value"] === "string" && <Chip expression={each["value"]} path={path} />}
              </td>
            </tr>
          ))}
        </tfoot>
      )}
    </table>
  );
}

/** What a file or a report is called; of a file for each language, the one of the reader's. */
const named = (said: Json | undefined, w: (words: Record<string, string>) => string) => (isNode(said) ? w(said as Record<string, string>) : String(said ?? ""));

function Drawn({ block, path, icon, name }: Face & { icon: ReactNode; name: string }) {
  const { w } = useSpeech();
  return (
    <div className="lc-design-drawn" style={{ textAlign: block["align"] as CSSProperties["textAlign"] }}>
      {icon} <span className="lc-design-name">{name === "text" ? <Said text={block["text"]} path={path} /> : typeof block["value"] === "string" ? <Chip expression={block["value"]} path={path} /> : named(block[name], w)}</span>
      {block["caption"] !== undefined && (
        <div className="lc-design-name">
          <Said text={block["caption"]} path={path} />
        </div>
      )}
    </div>
  );
}

function SealFace({ block, path }: Face) {
  return (
    <div style={{ textAlign: (block["align"] as CSSProperties["textAlign"]) ?? "right" }}>
      <span className="lc-design-seal" style={{ color: typeof block["color"] === "string" ? block["color"] : undefined }}>
        ★<small>
          <Said text={block["text"]} path={path} />
        </small>
      </span>
    </div>
  );
}

function SignatureFace({ block, path }: Face) {
  return (
    <div className="lc-design-parties">
      {nodes(block["parties"]).map((party, index) => (
        <div key={index}>
          <strong>
            <Said text={party["title"]} path={path} />
          </strong>
          {nodes(party["items"]).map((item, place) => (
            <div key={place} className="lc-design-sign">
              <Said text={item["label"]} path={path} /> <span><Said text={item["text"]} path={path} /></span>
            </div>
          ))}
          {isNode(party["stamp"]) && <SealFace block={party["stamp"]} path={path} />}
        </div>
      ))}
    </div>
  );
}

function PlaceFace({ block, path }: Face) {
  return (
    <div className="lc-design-drawn">
      <code className="lc-design-name">
        {String(block["x"])} / {String(block["y"])} mm
      </code>{" "}
      <Value node={block} path={path} />
    </div>
  );
}

/** Faces of the kinds that look like something; any other kind says its name and what it holds. */
const FACES: Record<string, (face: Face) => ReactNode> = {
  text: (face) => <TextFace {...face} />,
  fields: (face) => <FieldsFace {...face} />,
  table: (face) => <TableFace {...face} />,
  image: (face) => <Drawn {...face} icon={<FileImageOutlined />} name="file" />,
  chart: (face) => <Drawn {...face} icon={<BarChartOutlined />} name="report" />,
  qrcode: (face) => <Drawn {...face} icon={<QrcodeOutlined />} name="text" />,
  barcode: (face) => <Drawn {...face} icon={<BarcodeOutlined />} name="text" />,
  word: (face) => <Drawn {...face} icon={<FileWordOutlined />} name="file" />,
  stamp: (face) => <SealFace {...face} />,
  signature: (face) => <SignatureFace {...face} />,
  place: (face) => <PlaceFace {...face} />,
  line: ({ block }) => <hr className="lc-design-line" style={{ borderTopWidth: typeof block["thickness"] === "number" ? Math.max(block["thickness"], 0.6) : 1, color: block["color"] as string | undefined }} />,
  space: ({ block }) => <div className="lc-design-space" style={{ height: Math.min(typeof block["height"] === "number" ? block["height"] * 3 : 12, 120) }} />,
  page_break: () => <div className="lc-design-break" />,
  html: ({ block }) => <pre className="lc-design-html">{wordsOf(block["html"] as string, "zh-CN").slice(0, 200)}</pre>,
};

export function BlockFace({ block, path }: Face) {
  const face = FACES[String(block["type"])];
  if (face) return face({ block, path });
  const said = Object.entries(block).filter(([name, value]) => name !== "type" && typeof value === "string");
  return <div className="lc-design-name">{said.map(([, value]) => String(value)).join(" · ")}</div>;
}
