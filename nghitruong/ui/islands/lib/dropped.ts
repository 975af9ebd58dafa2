// Files and whole folders dropped on a page, each with the folder it lay in.
export interface Dropped {
  file: File;
  folder: string;
}

export async function collect(transfer: DataTransfer | null): Promise<Dropped[]> {
  if (!transfer) return [];
  const entries = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.length === 0 || entries.some((entry) => entry === null)) {
    return [...transfer.files].map((file) => ({ file, folder: "" }));
  }
  const found: Dropped[] = [];
  for (const entry of entries) await walk(entry!, "", found);
  return found;
}

async function walk(entry: FileSystemEntry, folder: string, found: Dropped[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    found.push({ file, folder });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const below = folder ? `${folder}/${entry.name}` : entry.name;
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (part.length === 0) return; // browsers hand a folder out a hundred at a time
    for (const each of part) await walk(each, below, found);
  }
}
