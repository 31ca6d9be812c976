import { brief, Sketch, Strip, useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Modal, Skeleton, Typography } from "antd";
import { lazy, Suspense, useState } from "react";
import { useRuntime } from "../runtime";

const Qr = lazy(() => import("../widgets/qr"));

interface Snippet {
  address: string;
  script: string;
  frame: string;
  origins: string[];
}

/** Code to be taken along, its button beside its title: within the code it would be read as a part of it. */
const Code = ({ title, text }: { title: string; text: string }) => (
  <>
    <Typography.Paragraph className="lc-code-title" copyable={{ text }}>
      {title}
    </Typography.Paragraph>
    <pre className="lc-code">{text}</pre>
  </>
);

/** The public faces of a form: their links, and the code that puts them into a page. */
export default function PublicForms({ form, close }: { form: Form; close: () => void }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t, w } = speech;
  const faces = form.public ?? [];
  const [chosen, setChosen] = useState(faces[0]!.name);
  const base = new URL(".", document.baseURI).href.replace(/\/$/, "");
  const found = useQuery({ queryKey: ["snippet", form.name, chosen], queryFn: () => client.run<Snippet>("forms.snippet", { form: form.name, name: chosen, base }) });
  return (
    <Modal title={t("publicForms")} open onCancel={close} footer={null} width={640} destroyOnHidden>
      <p className="lc-quiet">{t("publicHint", { name: w(form.title) })}</p>
      {faces.length > 1 && <Strip label={t("publicForms")} at={chosen} onTurn={setChosen} leaves={faces.map((each) => ({ key: each.name, label: w(each.title) }))} />}
      {found.error ? (
        <p role="alert">{brief(found.error, speech)}</p>
      ) : !found.data ? (
        <Skeleton active />
      ) : (
        <>
          <h4>{t("publicLink")}</h4>
          <Typography.Paragraph copyable={{ text: found.data.address }}>
            <a href={found.data.address} target="_blank" rel="noreferrer">
              {found.data.address}
            </a>
          </Typography.Paragraph>
          <h4>{t("publicQr")}</h4>
          <Suspense fallback={<Sketch rows={3} />}>
            <Qr value={found.data.address} label={t("publicQr")} size={148} file={`${form.name}-${chosen}.png`} />
          </Suspense>
          <Code title={t("publicScript")} text={found.data.script} />
          <Code title={t("publicFrame")} text={found.data.frame} />
          <p className="lc-quiet">{found.data.origins.length > 0 ? t("publicOrigins", { sites: found.data.origins.join(", ") }) : t("publicNoOrigins")}</p>
        </>
      )}
    </Modal>
  );
}
