import { BoldOutlined, FontSizeOutlined, ItalicOutlined, LinkOutlined, OrderedListOutlined, StrikethroughOutlined, UnderlineOutlined, UnorderedListOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { App, Button, Input } from "antd";
import { useEffect, useRef, useState, type ClipboardEvent, type DragEvent, type ReactNode } from "react";
import { fromMarkup, markdownOf, SAFE, toElements, toMarkdown } from "../formatted";
import type { InputProps } from "../widget";
import { LongTextInput } from "./long_text";

type Deed = "bold" | "italic" | "underline" | "strikeThrough" | "insertUnorderedList" | "insertOrderedList" | "formatBlock" | "createLink" | "insertHTML" | "insertText" | "defaultParagraphSeparator";
/** Browsers have one way to edit formatted text in place, with undo: this. */
const act = (deed: Deed, value?: string): boolean => document.execCommand(deed, false, value);

/** Whether a link may lead there: an address that is safe, and not only the beginning of one. */
const isAddress = (text: string): boolean => SAFE.test(text) && !/^(https?:\/*|mailto:|tel:)$/i.test(text);

/** Formatted text, written as it will be read; kept as Markdown. In a row of a table it is written as that. */
export function RichTextInput(props: InputProps) {
  return props.dense ? <LongTextInput {...props} value={markdownOf(props.value)} /> : <Editor {...props} />;
}

function Editor({ field, value, onChange, id, label, disabled, invalid }: InputProps) {
  const { t, w } = useSpeech();
  const { message } = App.useApp();
  const page = useRef<HTMLDivElement>(null);
  /** What stands in the page, as it was last read or told. */
  const known = useRef<string | null>(null);
  /** The source the page was made of, and how it would be written: so long as that is what stands there, nobody edited it. */
  const origin = useRef({ source: "", written: "" });
  const chosen = useRef<Range | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const text = markdownOf(value);

  useEffect(() => {
    if (known.current === text || !page.current) return;
    known.current = text;
    page.current.replaceChildren(...toElements(text).childNodes);
    origin.current = { source: text, written: toMarkdown(page.current) };
  }, [text]);

  const told = () => {
    if (!page.current) return;
    const now = toMarkdown(page.current);
    const written = now === origin.current.written ? origin.current.source : now;
    if (written === known.current) return;
    known.current = written;
    onChange(written);
  };
  const deed = (name: Deed, what?: string) => {
    page.current?.focus();
    act(name, what);
    told();
  };
  const heading = () => {
    const at = document.getSelection()?.anchorNode;
    const own = (at instanceof Element ? at : at?.parentElement)?.closest("h1,h2,h3,h4,h5,h6");
    deed("formatBlock", own && page.current?.contains(own) ? "<p>" : "<h3>");
  };
  const noPicture = () => void message.warning(t("richNoPictures"), 6);
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    const markup = event.clipboardData.getData("text/html");
    const words = event.clipboardData.getData("text/plain");
    if (/<img\b/i.test(markup) || (!markup && !words && event.clipboardData.files.length > 0)) noPicture();
    if (markup) deed("insertHTML", toElements(fromMarkup(markup)).innerHTML);
    else if (words) deed("insertText", words);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) noPicture();
  };
  const ask = () => {
    const selection = document.getSelection();
    chosen.current = selection && selection.rangeCount > 0 && page.current?.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : null;
    const at = selection?.anchorNode;
    setAddress((at instanceof Element ? at : at?.parentElement)?.closest("a")?.getAttribute("href") ?? "https://");
  };
  const back = () => {
    setAddress(null);
    page.current?.focus();
    const selection = document.getSelection();
    if (!chosen.current || !selection) return;
    selection.removeAllRanges();
    selection.addRange(chosen.current);
  };
  const linked = () => {
    const to = address?.trim() ?? "";
    if (!isAddress(to)) return;
    back();
    if (document.getSelection()?.isCollapsed === false) return deed("createLink", to);
    const made = document.createElement("a");
    made.setAttribute("href", to);
    made.append(to);
    deed("insertHTML", made.outerHTML);
  };
  const tool = (name: string, icon: ReactNode, run: () => void) => (
    <Button key={name} type="text" size="small" icon={icon} disabled={disabled} aria-label={name} title={name} onMouseDown={(event) => event.preventDefault()} onClick={run} />
  );
  return (
    <div className={invalid ? "lc-rich lc-rich-wrong" : "lc-rich"}>
      <div className="lc-rich-tools" role="toolbar" aria-label={t("richTools")}>
        {tool(t("richBold"), <BoldOutlined />, () => deed("bold"))}
        {tool(t("richItalic"), <ItalicOutlined />, () => deed("italic"))}
        {tool(t("richUnderlined"), <UnderlineOutlined />, () => deed("underline"))}
        {tool(t("richStruck"), <StrikethroughOutlined />, () => deed("strikeThrough"))}
        {tool(t("richHeading"), <FontSizeOutlined />, heading)}
        {tool(t("richBullets"), <UnorderedListOutlined />, () => deed("insertUnorderedList"))}
        {tool(t("richNumbers"), <OrderedListOutlined />, () => deed("insertOrderedList"))}
        {tool(t("richLink"), <LinkOutlined />, ask)}
      </div>
      {address !== null && (
        <div className="lc-rich-link">
          <Input autoFocus aria-label={t("richAddress")} size="small" value={address} status={isAddress(address.trim()) ? undefined : "error"} aria-invalid={!isAddress(address.trim())} onChange={(event) => setAddress(event.target.value)} onPressEnter={(event) => (event.preventDefault(), linked())} onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), back())} />
          <Button size="small" onClick={linked}>{t("confirm")}</Button>
        </div>
      )}
      <div
        ref={page}
        id={id}
        className="lc-rich-page lc-markdown"
        role="textbox"
        aria-multiline
        aria-label={label ?? (w(field.title) || field.name)}
        aria-invalid={invalid || undefined}
        aria-disabled={disabled || undefined}
        contentEditable={!disabled}
        suppressContentEditableWarning
        onFocus={() => act("defaultParagraphSeparator", "p")}
        onInput={told}
        onBlur={told}
        onPaste={paste}
        onDrop={drop}
      />
    </div>
  );
}
