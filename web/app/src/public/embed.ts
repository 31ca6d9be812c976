/** Puts a public form where its script stands: `<script src=".../embed.js" data-form="lead/contact" async></script>`.
 *
 * The frame is as high as the form, and hears which page it stands on and by which campaign the visitor came. A script
 * in the head of a page has no place of its own: there it says by `data-into="#contact"` into what the form goes, else
 * it stands at the end of the page. */

{
  const script = document.currentScript as HTMLScriptElement;
  const base = new URL(script.src.replace(/embed\.js.*$/, ""));
  const address = new URL(`public/${script.dataset["form"]}`, base);
  address.searchParams.set("frame", "");
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name.startsWith("utm_")) address.searchParams.set(name, value);
  }
  if (script.dataset["language"]) address.searchParams.set("lang", script.dataset["language"]);
  if (script.dataset["key"]) address.searchParams.set("key", script.dataset["key"]);
  if (document.referrer) address.searchParams.set("referrer", document.referrer);
  address.searchParams.set("page", location.href.split("?")[0]!);
  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.style.cssText = "width:100%;height:640px;border:0;display:block";
  frame.title = script.dataset["title"] ?? "";
  const into = script.dataset["into"];
  const put = () => {
    const found = into ? document.querySelector(into) : document.body;
    if (found) found.append(frame);
    else console.error(`embed.js: nothing on this page is ${into}, so the form ${script.dataset["form"]} is not shown; write data-into="#id" of what it goes into`);
  };
  if (!into && !document.head.contains(script)) script.after(frame);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", put);
  else put();
  window.addEventListener("message", (event) => {
    if (event.origin !== base.origin || event.source !== frame.contentWindow) return;
    if (event.data?.lowcode === "height") {
      frame.style.height = `${Number(event.data.height)}px`;
      frame.title ||= String(event.data.title); // a reader of the screen aloud says what the frame is
    }
    if (event.data?.lowcode === "redirect" && /^https?:\/\//.test(event.data.to)) location.assign(event.data.to);
  });
}
