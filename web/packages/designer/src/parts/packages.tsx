import { AppstoreOutlined, UploadOutlined } from "@ant-design/icons";
import { Badge, brief, Failure, Sketch, useNarrow, useSpeech, type Speech } from "@lowcode/kit";
import { Problem, type Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer } from "antd";
import { useRef, useState } from "react";
import { Brought, type Look } from "./brought";
import { Counted, type Counts } from "./page";

interface Listed {
  name: string;
  title: Text;
  description: Text;
  version: string;
  ready: boolean;
  installed: string | null;
  newer: boolean;
  counts: Counts;
}

/** Which package is meant: a ready-made one, or an archive that was sent. */
export type Which = { name: string } | { archive: string };

const MOST = 8 * 2 ** 20;

/** The bytes of a file in base64. */
const encoded = (file: File): Promise<string> =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => failed(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });

/** Each mistake of a package that was sent on a line of its own. */
const whatIsWrong = (error: unknown, speech: Speech): string =>
  error instanceof Problem && error.errors.length > 0 ? error.errors.map((each) => each.detail).join("\n") : brief(error, speech);

/** The packages that come with the platform or are installed, and a way to send one. */
export function Packages() {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const [chosen, setChosen] = useState<{ which: Which; title: string; ready: boolean }>();
  const [large, setLarge] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const found = useQuery({ queryKey: ["design", "packages"], queryFn: () => client.run<{ items: Listed[] }>("app.packages", {}), staleTime: 0 });
  const send = useMutation({
    mutationFn: async (file: File) => {
      const which = { archive: await encoded(file) };
      return { which, title: w((await client.run<Look>("app.package", which)).title), ready: true };
    },
    onSuccess: setChosen,
  });
  const take = (file: File | undefined): void => {
    setLarge(file !== undefined && file.size > MOST);
    if (file && file.size <= MOST) send.mutate(file);
  };
  return (
    <section aria-labelledby="lc-packages">
      <div className="lc-packages-head">
        <h2 id="lc-packages" className="lc-section-title">{t("packagesTitle")}</h2>
        <Button icon={<UploadOutlined />} loading={send.isPending} title={t("packageSendHint")} onClick={() => picker.current?.click()}>{t("packageSend")}</Button>
        <input ref={picker} type="file" accept=".zip,application/zip" hidden aria-label={t("packageSend")} onChange={(event) => (take(event.target.files?.[0]), (event.target.value = ""))} />
      </div>
      <p className="lc-quiet">{t("packagesHint")}</p>
      {large && <Alert className="lc-package-wrong" type="error" showIcon title={t("packageTooLarge")} />}
      {send.error && <Alert className="lc-package-wrong" type="error" showIcon title={whatIsWrong(send.error, speech)} />}
      {found.error ? <Failure small error={found.error} retry={() => void found.refetch()} /> : !found.data ? <Sketch rows={6} /> : (
        <ul className="lc-designs">
          {found.data.items.map((each) => (
            <li key={each.name}>
              <button type="button" className="lc-designed lc-package" onClick={() => setChosen({ which: { name: each.name }, title: w(each.title), ready: each.ready })}>
                <span className="lc-designed-icon" aria-hidden="true"><AppstoreOutlined /></span>
                <span className="lc-designed-words">
                  <span className="lc-designed-title">
                    <strong>{w(each.title)}</strong>
                    {each.installed !== null && <Badge color="green">{t("installed")}</Badge>}
                    {each.newer && <Badge color="orange">{t("packageNewer", { version: each.version })}</Badge>}
                  </span>
                  {w(each.description) && <span className="lc-quiet">{w(each.description)}</span>}
                  <Counted counts={each.counts} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {chosen && <Opened chosen={chosen} close={() => setChosen(undefined)} />}
    </section>
  );
}

function Opened({ chosen: { which, title, ready }, close }: { chosen: { which: Which; title: string; ready: boolean }; close: () => void }) {
  const narrow = useNarrow();
  return (
    <Drawer open onClose={close} title={title} size={narrow ? "100%" : 620} destroyOnHidden>
      <Brought which={which} ready={ready} close={close} />
    </Drawer>
  );
}
