/** A file on another machine. */
export interface RemoteFile {
  url: URL;
  /** Of the file here: it names a file in a folder and nothing else. */
  name: string;
  bytes?: number | undefined;
  /** 64 hexadecimal digits. */
  sha256?: string | undefined;
}

/** What a source stands for. */
export interface RemoteModel {
  /** What it could be called here. */
  name: string;
  /** Where the source knows one: SemVer. */
  version?: string | undefined;
  licence?: string | undefined;
  files: RemoteFile[];
  /** To be sent with each request for a file, to no other origin. */
  headers: Readonly<Record<string, string>>;
}
