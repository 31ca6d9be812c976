/** What has to be done before a form is sent: a file that is on its way, a signature that was not confirmed. Each says
 * whether it went well, and shows itself what went wrong. */
export type Before = Set<() => Promise<boolean>>;

/** Whether all of it went well. */
export async function ready(before: Before): Promise<boolean> {
  return (await Promise.all([...before].map((each) => each()))).every(Boolean);
}
