import { GlobalOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button, Dropdown } from "antd";

export const LANGUAGES = [
  { key: "zh-CN", label: "简体中文" },
  { key: "en", label: "English" },
];

export function Languages({ speak }: { speak: (locale: string) => void }) {
  const { t, locale } = useSpeech();
  return (
    <Dropdown autoFocus trigger={["click"]} placement="bottomRight" menu={{ items: LANGUAGES, selectedKeys: [locale], onClick: ({ key }) => speak(key) }}>
      <Button type="text" shape="circle" icon={<GlobalOutlined />} aria-label={t("language")} />
    </Dropdown>
  );
}
