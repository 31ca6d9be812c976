import { depart, says, usePlace, useSpeech, type TextKey } from "@lowcode/kit";
import type { Client, SignInMethod } from "@lowcode/protocol";
import { DingtalkOutlined, MessageOutlined, SafetyCertificateOutlined, WechatWorkOutlined } from "@ant-design/icons";
import { Button, Divider } from "antd";
import type { ReactNode } from "react";

type Refusal = TextKey & `signInRefused_${string}`;

const PLACE = "#/sign-in/";
const ICONS: Record<string, ReactNode> = {
  oidc: <SafetyCertificateOutlined />,
  saml: <SafetyCertificateOutlined />,
  dingtalk_sign_in: <DingtalkOutlined />,
  wecom_sign_in: <WechatWorkOutlined />,
  feishu_sign_in: <MessageOutlined />,
};

/** Why nobody was signed in, when the browser comes back with that. */
export function refusal(): Refusal | null {
  const key = `signInRefused_${location.hash.slice(PLACE.length)}`;
  return location.hash.startsWith(PLACE) && says(key) ? (key as Refusal) : null;
}

/** It was told; loading the page again does not tell it again. */
export function forgetRefusal(): void {
  if (location.hash.startsWith(PLACE)) history.replaceState(null, "", "#/");
}

/** The services by which people sign in. */
export function Methods({ client, methods }: { client: Client; methods: SignInMethod[] }) {
  const { t, w } = useSpeech();
  usePlace(); // where one wanted to go may change while this page is open
  if (methods.length === 0) return null;
  return (
    <div className="lc-door-methods">
      <Divider plain>{t("orElse")}</Divider>
      {methods.map((each) => (
        <Button key={each.name} href={client.signInAddress(each.name, location.hash.startsWith(PLACE) ? "" : location.hash.slice(1))} icon={ICONS[each.kind] ?? <SafetyCertificateOutlined />} size="large" block onClick={depart}>
          {w(each.title)}
        </Button>
      ))}
    </div>
  );
}
