import type { View } from "./view";

/** Words as large as their number, where the server put them. */
export function Words({ drawing, title, press }: View) {
  return (
    <svg className="lc-words" viewBox={`0 0 ${drawing.width ?? 600} ${drawing.height ?? 320}`} role="group" aria-label={title}>
      {(drawing.words ?? []).map((each) => (
        <text
          key={each.row}
          x={each.x}
          y={each.y + each.size * 0.36}
          fontSize={each.size}
          fill={each.color}
          fontWeight={600}
          textAnchor="middle"
          {...(press && { role: "button", tabIndex: 0, className: "lc-pressable", onClick: () => press({ row: each.row }), onKeyDown: (event) => event.key === "Enter" && press({ row: each.row }) })}
        >
          <title>{`${each.text}  ${each.value}`}</title>
          {each.text}
        </text>
      ))}
    </svg>
  );
}
