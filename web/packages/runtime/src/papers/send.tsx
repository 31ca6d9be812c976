import { brief, Failure, useCopy, useSpeech, Waiting } from "@lowcode/kit";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Form, Input, InputNumber, Modal, Space, Switch } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

interface Letter {
  to: string;
  name: string;
  subject: string;
  text: string;
  attach: string[];
  body: boolean;
}
interface Wish extends Letter {
  link: boolean;
  code: boolean;
  days: number;
}
export interface Share {
  template: string;
  id: number;
  language: string;
  outputs: string[];
}

const NAMES: Record<string, string> = { pdf: "PDF", docx: "Word", xlsx: "Excel", html: "HTML" };
/** Where the app is reached, for a link in a letter. */
const here = () => location.origin + location.pathname.replace(/\/[^/]*$/, "");

/** The letter a paper goes out with: as the template words it, to be changed before it is sent; or only a link to copy. */
export function SendDialog({ paper, close }: { paper: Share; close: () => void }) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const about = { template: paper.template, id: paper.id, language: paper.language };
  const found = useQuery({ queryKey: ["letter", about], queryFn: () => client.run<Letter>("printing.letter", about), gcTime: 0 });
  return (
    <Modal open title={t("sendPaper")} onCancel={close} footer={null} destroyOnHidden>
      {found.error ? <Failure error={found.error} retry={() => void found.refetch()} /> : !found.data ? <Waiting /> : <Words paper={paper} letter={found.data} close={close} />}
    </Modal>
  );
}

function Words({ paper, letter, close }: { paper: Share; letter: Letter; close: () => void }) {
  const { client } = useRuntime();
  const { message } = App.useApp();
  const copy = useCopy();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  const [form] = Form.useForm<Wish>();
  const [busy, setBusy] = useState("");
  const [address, setAddress] = useState("");
  const link = Form.useWatch("link", form);
  const about = { template: paper.template, id: paper.id, language: paper.language };
  const doing = async (what: string, work: () => Promise<void>) => {
    setBusy(what);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ["paper-use"] });
    } catch (error) {
      void message.error(brief(error, speech), 6);
    } finally {
      setBusy("");
    }
  };
  const send = (wish: Wish) =>
    doing("send", async () => {
      const { to, name, subject, text, attach, days, code } = wish;
      await client.run("printing.send", { ...about, to, name, subject, text, attach, link: wish.link, days, code: wish.link && code, address: here() });
      void message.success(t("paperSent", { to }));
      close();
    });
  const share = () =>
    doing("share", async () => {
      const { name, to, days, code } = form.getFieldsValue();
      const made = await client.run<{ path: string; address: string | null }>("printing.share", { ...about, reader: name || to, email: to || null, days, code });
      setAddress(made.address ?? `${here()}/${made.path}`);
    });
  const outputs = paper.outputs.filter((each) => each === "pdf" || each === "docx" || each === "xlsx");
  return (
    <Form form={form} layout="vertical" initialValues={{ ...letter, link: false, code: false, days: 30 }} onFinish={(wish) => void send(wish)}>
      <Form.Item name="to" label={t("sendTo")} rules={[{ required: true, type: "email", message: t("sendToWrong") }]}>
        <Input type="email" autoComplete="email" />
      </Form.Item>
      <Form.Item name="name" label={t("sendReader")}>
        <Input />
      </Form.Item>
      <Form.Item name="subject" label={t("sendSubject")} rules={[{ required: true, whitespace: true, message: t("required", { name: t("sendSubject") }) }]}>
        <Input />
      </Form.Item>
      <Form.Item name="text" label={t("sendText")}>
        <Input.TextArea autoSize={{ minRows: 4, maxRows: 12 }} />
      </Form.Item>
      <Form.Item name="attach" label={t("sendAttach")}>
        <Checkbox.Group options={outputs.map((each) => ({ value: each, label: NAMES[each] ?? each }))} />
      </Form.Item>
      <Form.Item name="link" label={t("sendLink")} valuePropName="checked" extra={t("sendLinkHint")}>
        <Switch />
      </Form.Item>
      <Space size="large" wrap style={{ display: link || address ? undefined : "none" }}>
        <Form.Item name="days" label={t("sendDays")}>
          <InputNumber min={1} max={366} />
        </Form.Item>
        <Form.Item name="code" label={t("sendCode")} valuePropName="checked">
          <Switch />
        </Form.Item>
      </Space>
      {address && (
        <Form.Item label={t("linkReady")}>
          <Space.Compact block>
            <Input readOnly value={address} aria-label={t("linkReady")} />
            <Button onClick={() => copy(address)}>{t("copy")}</Button>
          </Space.Compact>
        </Form.Item>
      )}
      <div className="lc-paper-send">
        <Button onClick={() => void share()} loading={busy === "share"} disabled={busy !== ""}>
          {t("linkOnly")}
        </Button>
        <Button type="primary" htmlType="submit" loading={busy === "send"} disabled={busy !== ""}>
          {t("sendNow")}
        </Button>
      </div>
    </Form>
  );
}
