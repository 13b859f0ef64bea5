/* The open document as the bytes of a .docx, slice by slice, as it stands and without being saved. */

/** The largest slice Office allows; on an iPad it is smaller. */
const SLICE = 4 * 1024 * 1024;
const SLICE_IOS = 64 * 1024;

/** The document's file name, if it has one. */
export function documentName() {
  const last = decodeURIComponent(Office.context.document.url ?? "").split(/[\\/]/).at(-1);
  return last && last.toLowerCase().endsWith(".docx") ? last : "document.docx";
}

/**
 * Reads the whole document, with field codes, notes and all.
 * @param {(done: number, total: number) => void} progress in slices
 * @returns {Promise<Blob>}
 */
export async function readDocument(progress) {
  const sliceSize = Office.context.platform === Office.PlatformType?.iOS ? SLICE_IOS : SLICE;
  const file = await called((done) => {
    Office.context.document.getFileAsync(Office.FileType.Compressed, { sliceSize }, done);
  });
  try {
    const slices = [];
    for (let index = 0; index < file.sliceCount; index += 1) {
      progress(index, file.sliceCount);
      const slice = await called((done) => file.getSliceAsync(index, done));
      slices.push(new Uint8Array(slice.data));
    }
    return new Blob(slices);
  } finally {
    await called((done) => file.closeAsync(done)); // Office keeps at most two files open
  }
}

/** A function of Office that calls back, as a promise. */
function called(start) {
  return new Promise((resolve, reject) => {
    start((result) => {
      if (result.status === Office.AsyncResultStatus.Succeeded) {
        resolve(result.value);
      } else {
        reject(new Error(`Word: ${result.error?.message ?? "it did not work"}`));
      }
    });
  });
}
