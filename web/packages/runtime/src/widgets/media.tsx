import { address, type StoredFile } from "@lowcode/protocol";

/** Sounds and films that can be played where they are shown. */
export function Media({ files }: { files: StoredFile[] }) {
  return (
    <span className="lc-media">
      {files.map((file) =>
        file.type.startsWith("audio/") ? (
          <audio key={file.id} controls preload="none" src={address(`files/${file.id}`)} aria-label={file.name} />
        ) : (
          <video key={file.id} controls preload="metadata" src={address(`files/${file.id}`)} aria-label={file.name} />
        ),
      )}
    </span>
  );
}
