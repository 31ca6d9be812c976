import { useSpeech } from "@lowcode/kit";
import { Section } from "../../connections/mapping";
import { OneField } from "./picks";

/** What a card says, and the types of fields that take it. */
const PARTS: Record<string, readonly string[]> = {
  person: ["text"], company: ["text"], job_title: ["text"], mobile_phone: ["phone", "text"], phone: ["phone", "text"],
  email: ["email", "text"], website: ["url", "text"], address: ["address", "text", "long_text"],
};

/** Which field takes what a photo of a business card says. */
export function BusinessCard() {
  const { t } = useSpeech();
  return (
    <Section title={t("formCard")} hint={t("formCardHint")}>
      {Object.entries(PARTS).map(([part, types]) => <OneField key={part} path={["business_card", part]} types={types} />)}
    </Section>
  );
}
