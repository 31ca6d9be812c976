import type { Palette } from "../design";
import { Designed } from "../opened";
import { ScoreDesk } from "./desk";
import { ScoresList } from "./list";

export interface ScorePalette extends Palette {
  forms: string[];
  /** Of each form the relations whose records may be counted, with the form they lead to. */
  relations: Record<string, Record<string, string>>;
  scorers: string[];
}

/** The designer of one score card, or the cards there are. */
export default function ScoreDesignerPage({ name }: { name?: string }) {
  return <Designed<ScorePalette> name={name} place="scores" type="score_card" palette="rules.score_palette" words={{ list: "designScores", gone: "scoreGone" }} list={<ScoresList />} desk={(begun) => <ScoreDesk {...begun} />} />;
}
