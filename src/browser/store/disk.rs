//! The store: files in the origin private file system.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use js_sys::{AsyncIterator, IteratorNext, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle, StorageEstimate, StorageManager, WorkerGlobalScope,
};

use super::promises::{error, pause, text};
use super::slot::{self, Beginning, HEADER, Header, STRUCK_OUT, Slot};
use super::{StoreError, locks, name};

const FOLDER: &str = "spectrascape";
/// Number of attempts to open a file, since a worker that was just ended may keep it open for a moment longer...
const TRIES: u32 = 40;
/// ...and the milliseconds between two of them.
const BETWEEN: i32 = 50;

/// The files of training runs. Reading, listing and clearing work in the page and in workers, writing only in workers.
#[derive(Debug, Default)]
pub struct Store {
    /// Newest whole version of each file that was checked, so that a write need not read the last one again.
    known: RefCell<HashMap<String, (Slot, Header)>>,
}

/// A file of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Path under which it was written.
    pub path: String,
    /// Size of both its slots on the disk, bytes.
    pub bytes: u64,
}

/// Disk usage, bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Size of this store's files.
    pub files: u64,
    /// Usage by the whole site, shards included, as the browser estimates it.
    pub site: Option<u64>,
    /// Largest usage that the browser allows the site.
    pub quota: Option<u64>,
}

impl Store {
    /// Opens the store and creates its folder where there is none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the browser keeps no files for this page: an old browser, a private window, an address without
    /// https.
    pub async fn open() -> Result<Self, StoreError> {
        folder().await?;
        Ok(Self::default())
    }

    /// Saves a file. Once this returns it is on the disk; interrupted at any moment, the older version is still there.
    ///
    /// # Errors
    /// [`StoreError::Full`] or any other failure; the older version is then still there.
    pub async fn write(&self, path: &str, content: &[u8]) -> Result<(), StoreError> {
        let name = name::encode(path)?;
        let _turn = locks::turn(&name).await;
        let folder = folder().await?;
        let (slot, sequence) = slot::next(self.newest(&folder, path, &name).await?);
        let header = Header::of(sequence, content);

        let access = open(&folder, path, &format!("{name}{}", slot.ending())).await?;
        let written = put(&access, &header.to_bytes(), content);
        if written.is_err() {
            // Frees the disk space that the failed write took.
            let _ = access.truncate_with_u32(0);
        }
        access.close();
        written.map_err(|value| error(path, "saved", &value))?;
        self.known.borrow_mut().insert(name, (slot, header));
        Ok(())
    }

    /// Reads the newest whole version of a file; `None` where it was never saved.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where it was saved and no version is whole.
    pub async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = name::encode(path)?;
        let _turn = locks::turn(&name).await;
        let folder = folder().await?;
        let [a, b] = beginnings(&folder, path, &name).await?;
        Ok(whole(&folder, path, &name, [a, b]).await?.map(|(_, _, content)| content))
    }

    /// Removes a file, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Other`] where the browser refuses.
    pub async fn remove(&self, path: &str) -> Result<(), StoreError> {
        let name = name::encode(path)?;
        let _turn = locks::turn(&name).await;
        let folder = folder().await?;
        self.known.borrow_mut().remove(&name);
        let [a, b] = beginnings(&folder, path, &name).await?;
        // The older one first: interrupted in between, the file is as it was, and no older version reappears.
        let newest = slot::newest_first(a, b).first().map_or(Slot::A, |(slot, _)| *slot);
        for slot in [newest.other(), newest] {
            delete(&folder, path, &format!("{name}{}", slot.ending())).await?;
        }
        Ok(())
    }

    /// Lists the files whose path begins with `prefix`, ordered by path, those whose first write was cut short included.
    ///
    /// # Errors
    /// [`StoreError::Other`] where the browser cannot list them.
    pub async fn list(&self, prefix: &str) -> Result<Vec<StoredFile>, StoreError> {
        let folder = folder().await?;
        let mut files: BTreeMap<String, u64> = BTreeMap::new();
        for name in names(&folder).await? {
            let stem = Slot::BOTH.iter().find_map(|slot| name.strip_suffix(slot.ending()));
            let Some(path) = stem.and_then(name::decode).filter(|path| path.starts_with(prefix)) else { continue };
            let bytes = blob(&folder, &path, &name).await?.map_or(0.0, |blob| blob.size());
            *files.entry(path).or_default() += bytes as u64;
        }
        Ok(files.into_iter().map(|(path, bytes)| StoredFile { path, bytes }).collect())
    }

    /// Returns the disk usage.
    ///
    /// # Errors
    /// [`StoreError::Other`] where the browser cannot list the files. Where it has no estimate, that is left out.
    pub async fn usage(&self) -> Result<Usage, StoreError> {
        let files = self.list("").await?.iter().map(|file| file.bytes).sum();
        let mut usage = Usage { files, ..Usage::default() };
        if let Ok(estimate) = manager()?.estimate()
            && let Ok(estimate) = JsFuture::from(estimate).await
        {
            let estimate: StorageEstimate = estimate.unchecked_into();
            usage.site = estimate.get_usage().map(|bytes| bytes as u64);
            usage.quota = estimate.get_quota().map(|bytes| bytes as u64);
        }
        Ok(usage)
    }

    /// Removes every file.
    ///
    /// # Errors
    /// [`StoreError::Other`] names the first file that the browser does not remove.
    pub async fn clear(&self) -> Result<(), StoreError> {
        self.known.borrow_mut().clear();
        // Not the folder: another tab may be writing in it.
        let folder = folder().await?;
        for name in names(&folder).await? {
            delete(&folder, &name, &name).await?;
        }
        Ok(())
    }

    /// Returns the newest whole version, without reading its content where that was done before.
    async fn newest(
        &self,
        folder: &FileSystemDirectoryHandle,
        path: &str,
        name: &str,
    ) -> Result<Option<(Slot, Header)>, StoreError> {
        let [a, b] = beginnings(folder, path, name).await?;
        let newest = slot::newest_first(a, b).first().copied();
        if newest.is_some() && self.known.borrow().get(name).copied() == newest {
            return Ok(newest);
        }
        // A damaged file is written again.
        match whole(folder, path, name, [a, b]).await {
            Ok(found) => Ok(found.map(|(slot, header, _)| (slot, header))),
            Err(StoreError::Damaged { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

/// Asks the browser to keep this site's files when the disk gets full; returns whether it will. Only a page may ask: call it once the
/// user has something to lose. In a worker it only returns the state.
pub async fn persist() -> bool {
    let Ok(manager) = manager() else { return false };
    let answer = async |promise: Result<Promise, JsValue>| match promise {
        Ok(promise) => JsFuture::from(promise).await.is_ok_and(|answer| answer.is_truthy()),
        Err(_) => false,
    };
    if answer(manager.persisted()).await {
        return true;
    }
    let may_ask = Reflect::has(&manager, &"persist".into()).unwrap_or(false);
    may_ask && answer(manager.persist()).await
}

/// Writes a zeroed header, then the content, then the header.
fn put(access: &FileSystemSyncAccessHandle, header: &[u8], content: &[u8]) -> Result<(), JsValue> {
    write_at(access, 0, &STRUCK_OUT)?;
    write_at(access, HEADER, content)?;
    access.truncate_with_f64((HEADER + content.len()) as f64)?;
    access.flush()?;
    write_at(access, 0, header)?;
    access.flush()
}

fn write_at(access: &FileSystemSyncAccessHandle, at: usize, bytes: &[u8]) -> Result<(), JsValue> {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(at as f64);
    let written = access.write_with_u8_array_and_options(bytes, &options)?;
    if written as usize == bytes.len() {
        return Ok(());
    }
    // A browser may write less than asked, and does where the disk is full.
    let short = js_sys::Error::new("the disk took only a part");
    short.set_name("QuotaExceededError");
    Err(short.into())
}

/// Reads the newest version that is whole, with its content.
async fn whole(
    folder: &FileSystemDirectoryHandle,
    path: &str,
    name: &str,
    [a, b]: [Beginning; 2],
) -> Result<Option<(Slot, Header, Vec<u8>)>, StoreError> {
    for (slot, header) in slot::newest_first(a, b) {
        let Some(blob) = blob(folder, path, &format!("{name}{}", slot.ending())).await? else { continue };
        let mut bytes = bytes(path, &blob).await?;
        if header.content(&bytes).is_some() {
            let end = HEADER + header.length as usize;
            bytes.truncate(end);
            bytes.drain(..HEADER);
            return Ok(Some((slot, header, bytes)));
        }
    }
    if slot::was_stored(a, b) { Err(StoreError::Damaged { path: path.to_owned() }) } else { Ok(None) }
}

async fn beginnings(folder: &FileSystemDirectoryHandle, path: &str, name: &str) -> Result<[Beginning; 2], StoreError> {
    let mut found = [Beginning::Unfinished; 2];
    for (slot, beginning) in Slot::BOTH.into_iter().zip(&mut found) {
        let Some(blob) = blob(folder, path, &format!("{name}{}", slot.ending())).await? else { continue };
        let first = blob.slice_with_i32_and_i32(0, HEADER as i32).map_err(|value| error(path, "read", &value))?;
        *beginning = Beginning::read(&bytes(path, &first).await?);
    }
    Ok(found)
}

async fn bytes(path: &str, blob: &Blob) -> Result<Vec<u8>, StoreError> {
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|value| error(path, "read", &value))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Returns a file as it is now; `None` where there is none.
async fn blob(folder: &FileSystemDirectoryHandle, path: &str, name: &str) -> Result<Option<Blob>, StoreError> {
    let file = match JsFuture::from(folder.get_file_handle(name)).await {
        Ok(handle) => JsFuture::from(handle.unchecked_into::<FileSystemFileHandle>().get_file()).await,
        Err(value) => Err(value),
    };
    match file {
        Ok(file) => Ok(Some(file.unchecked_into())),
        Err(value) if text(&value, "name") == "NotFoundError" => Ok(None),
        Err(value) => Err(error(path, "read", &value)),
    }
}

/// Opens a file for writing and creates it where there is none.
async fn open(
    folder: &FileSystemDirectoryHandle,
    path: &str,
    name: &str,
) -> Result<FileSystemSyncAccessHandle, StoreError> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let handle = JsFuture::from(folder.get_file_handle_with_options(name, &options)).await;
    let handle: FileSystemFileHandle = handle.map_err(|value| error(path, "saved", &value))?.unchecked_into();
    if !Reflect::has(&handle, &"createSyncAccessHandle".into()).unwrap_or(false) {
        return Err(StoreError::Unavailable {
            reason: "it can write files only in a worker, or not at all".to_owned(),
        });
    }
    let access = patiently(|| handle.create_sync_access_handle()).await;
    access.map(JsCast::unchecked_into).map_err(|value| error(path, "saved", &value))
}

async fn delete(folder: &FileSystemDirectoryHandle, path: &str, name: &str) -> Result<(), StoreError> {
    match patiently(|| folder.remove_entry(name)).await {
        Ok(_) => Ok(()),
        Err(value) if text(&value, "name") == "NotFoundError" => Ok(()),
        Err(value) => Err(error(path, "removed", &value)),
    }
}

/// Retries while another worker has the file open.
async fn patiently(act: impl Fn() -> Promise) -> Result<JsValue, JsValue> {
    for _ in 1..TRIES {
        match JsFuture::from(act()).await {
            Err(value) if text(&value, "name") == "NoModificationAllowedError" => pause(BETWEEN).await,
            other => return other,
        }
    }
    JsFuture::from(act()).await
}

async fn names(folder: &FileSystemDirectoryHandle) -> Result<Vec<String>, StoreError> {
    let failed = |value: JsValue| error("what is there", "listed", &value);
    let keys: AsyncIterator = folder.keys();
    let mut names = Vec::new();
    loop {
        let next: IteratorNext = JsFuture::from(keys.next().map_err(failed)?).await.map_err(failed)?.unchecked_into();
        if next.done() {
            return Ok(names);
        }
        names.extend(next.value().as_string());
    }
}

/// Returns the store's folder, looked up again each time: the user may have cleared the site's data meanwhile.
async fn folder() -> Result<FileSystemDirectoryHandle, StoreError> {
    let manager = manager()?;
    let unavailable = |value: JsValue| StoreError::unavailable(&text(&value, "name"), &text(&value, "message"));
    let root = JsFuture::from(manager.get_directory()).await.map_err(unavailable)?;
    let root: FileSystemDirectoryHandle = root.unchecked_into();
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    let folder = JsFuture::from(root.get_directory_handle_with_options(FOLDER, &options)).await.map_err(unavailable)?;
    Ok(folder.unchecked_into())
}

fn manager() -> Result<StorageManager, StoreError> {
    // Page or worker: `navigator.storage` is the same in both.
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let manager = scope.navigator().storage();
    if manager.is_object() && Reflect::has(&manager, &"getDirectory".into()).unwrap_or(false) {
        return Ok(manager);
    }
    Err(StoreError::Unavailable { reason: "it has no private files, or the page's address is not https".to_owned() })
}
