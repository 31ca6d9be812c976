import type { View } from "./view";

/** Who is first. */
export function Ranking({ drawing, title, press }: View) {
  return (
    <ol className="lc-ranking" aria-label={title} tabIndex={0}>
      {(drawing.ranking ?? []).map((each) => (
        <li key={each.row} className={`lc-place-${Math.min(each.place, 4)}`}>
          <span className="lc-place">{each.place}</span>
          <span className="lc-ranked">
            {press ? (
              <button type="button" className="lc-link" onClick={() => press({ row: each.row })}>
                {each.name}
              </button>
            ) : (
              each.name
            )}
            {each.more.length > 0 && <span className="lc-quiet">{each.more.join(" · ")}</span>}
          </span>
          <strong>{each.value}</strong>
          <span className="lc-share" aria-hidden="true">
            <span style={{ width: `${each.share * 100}%` }} />
          </span>
        </li>
      ))}
    </ol>
  );
}
