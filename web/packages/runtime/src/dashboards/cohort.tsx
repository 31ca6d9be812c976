import { useDark } from "@lowcode/kit";
import { heated } from "./ink";
import type { View } from "./view";
import { Wide } from "./wide";

/** How much of each cohort is left after each period. */
export function CohortView({ drawing, title, press }: View) {
  const dark = useDark();
  const cohort = drawing.cohort;
  if (!cohort) return null;
  return (
    <Wide title={title}>
      <table className="lc-plain lc-cross">
        <thead>
          <tr>
            <th scope="col">{cohort.of}</th>
            <th scope="col" className="lc-right">
              {cohort.size}
            </th>
            {cohort.ages.map((age) => (
              <th key={age} scope="col" className="lc-right">
                +{age}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cohort.lines.map((line) => (
            <tr key={line.name}>
              <th scope="row">{line.name}</th>
              <td className="lc-right">{line.size}</td>
              {line.cells.map((cell, age) => (
                <td key={age} className="lc-right" style={cell ? heated(cell.ground, dark) : undefined} title={cell?.exact}>
                  {cell &&
                    (press ? (
                      <button type="button" className="lc-pressed-cell" onClick={() => press({ row: cell.row })}>
                        {cell.text}
                      </button>
                    ) : (
                      cell.text
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
