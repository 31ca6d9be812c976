import { Problem, type Application, type Client, type Session } from "@lowcode/protocol";
import { store } from "./store";

const SESSION = "session";
const APP = "app";

export const isCut = (error: unknown): boolean => error instanceof Problem && error.status === 0;

const fillsOffline = (app: Application): boolean => Object.values(app.forms).some((form) => form.offline);

/** Who was here last, for a page that opens without a network. The secret of the session does not stay. */
export async function keptSession(): Promise<Session | undefined> {
  return await store.get<Session>("kept", SESSION).catch(() => undefined);
}

/** The application; without a network, as it was last, for somebody whose forms may be filled in so. `asked`: it is on its way already. */
export async function applicationOf(client: Client, session: Session, asked?: Promise<Application>): Promise<Application> {
  const key = `${APP}/${session.actor.id}/${session.locale}`;
  try {
    const app = await (asked ?? client.application());
    if (fillsOffline(app)) {
      await store.put("kept", key, app).catch(() => undefined);
      await store.put("kept", SESSION, { ...session, token: "" }).catch(() => undefined);
    }
    return app;
  } catch (error) {
    const kept = isCut(error) ? await store.get<Application>("kept", key).catch(() => undefined) : undefined;
    if (kept) return kept;
    throw error;
  }
}

/** The page's own files stay on the device where there is something to fill in without a network. */
export function serveOffline(app: Application): void {
  if (!fillsOffline(app) || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("./service.js", { scope: "./" }).catch((error: unknown) => console.warn("The page cannot be kept on this device.", error));
}
